/*
 * A project is open in one tab. The lock is the worker's: however the worker ends, the browser lets go of it.
 */

const lockName = (id: string): string => `project ${id}`;

/** A tab that reloads lets go of its lock a moment later. */
const PATIENCE = 4000;

const isTimeout = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');

/** Holds a lock until the returned function is called; null while somebody else holds it. */
export function hold(name: string, patience = PATIENCE): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks
      .request(name, { signal: AbortSignal.timeout(patience) }, held)
      .catch((error: unknown) => (isTimeout(error) ? resolve(null) : reject(error)));
  });
}

export const holdProject = (id: string): Promise<(() => void) | null> => hold(lockName(id));

/** The locks that any tab holds. */
export async function heldNames(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = '' }) => name));
}

/** The projects that are open in any tab. */
export async function heldProjects(): Promise<ReadonlySet<string>> {
  return new Set([...(await heldNames())].map((name) => name.replace(/^project /, '')));
}
