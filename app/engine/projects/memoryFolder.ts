import type { ProjectFolder } from './folders';

/** A folder that lives as long as the page: for a project file where the browser keeps nothing, or has no room. */
export function memoryFolder(): ProjectFolder {
  const files = new Map<string, File>();
  return {
    isOnDisk: false,
    write: async (name, parts) => {
      files.set(name, new File([...parts], name));
    },
    read: async (name) => {
      const file = files.get(name);
      if (!file) throw new DOMException(`There is no file ${name}.`, 'NotFoundError');
      return file;
    },
    remove: async (name) => void files.delete(name),
    names: async () => [...files.keys()],
  };
}
