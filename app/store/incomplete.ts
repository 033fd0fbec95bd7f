/** A model that could not be opened yet, because files that it names did not come along. */
export interface IncompleteModel {
  readonly files: readonly File[];
  /** Names of those that are missing, without folders. */
  readonly missing: readonly string[];
}

/** The incomplete model together with those of the files that it waits for; null when none of them is one. */
export function completed(
  incomplete: IncompleteModel | null,
  files: readonly File[],
): readonly File[] | null {
  const awaited = files.filter(({ name }) => incomplete?.missing.includes(name));
  return incomplete && awaited.length > 0 ? [...incomplete.files, ...awaited] : null;
}
