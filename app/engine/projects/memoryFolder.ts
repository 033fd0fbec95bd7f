import type { ProjectFolder } from './folders';

/** A folder that lives as long as the page: for a project file where the browser keeps nothing, or has no room. */
export function memoryFolder(): ProjectFolder {
  const files = new Map<string, File>();
  return {
    write: async (name, parts) => {
      const file = new File([...parts], name);
      files.set(name, file);
      return file.size;
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
