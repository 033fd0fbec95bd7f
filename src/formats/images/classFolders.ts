export interface ClassFolders {
  /** Folder names in the order of their class index. */
  readonly classes: readonly string[];
  /** Class index of each path. */
  readonly labels: Int32Array;
}

const foldersOf = (path: string): readonly string[] =>
  path
    .split(/[\\/]/)
    .slice(0, -1)
    .filter((part) => part !== '');

/** How many leading folders all paths share. */
function commonDepth(paths: readonly (readonly string[])[]): number {
  const [first = [], ...others] = paths;
  const differs = first.findIndex((folder, depth) => others.some((path) => path[depth] !== folder));
  return differs < 0 ? first.length : differs;
}

/** The folder that all paths lie in; empty where there is none. */
export function commonFolder(paths: readonly string[]): string {
  const folders = paths.map(foldersOf);
  return (folders[0] ?? []).slice(0, commonDepth(folders)).join('/');
}

/**
 * Classes by folder, as torchvision's `ImageFolder` has them: below the folder that all images share, the first
 * folder is the class, and the classes are sorted by name. Null where the images do not lie in two such folders or more.
 */
export function classFolders(paths: readonly string[]): ClassFolders | null {
  const folders = paths.map(foldersOf);
  const depth = commonDepth(folders);
  const names = folders.map((path) => path[depth]);
  if (names.includes(undefined)) return null;
  const classes = [...new Set(names.filter((name) => name !== undefined))].sort();
  if (classes.length < 2) return null;
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, labels: Int32Array.from(names, (name) => index.get(name ?? '') ?? 0) };
}
