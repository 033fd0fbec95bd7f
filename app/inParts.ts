import { inTask } from './inTask';

/** Work in parts: where it yields, something else may come between. It gives its result at the end. */
export type InParts<T> = Generator<void, T>;

/** So long a task goes on with the next part, in milliseconds: much less than what a user notices. */
const TASK_MS = 12;

/** The whole work in this task. */
export function atOnce<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The work in as many tasks as it takes, beginning in this one. Rejects with what it throws. */
export function inTasks<T>(work: InParts<T>): Promise<T>;
/** Given up, with null, where it is not wanted any more. */
export function inTasks<T>(work: InParts<T>, isWanted: () => boolean): Promise<T | null>;
export async function inTasks<T>(work: InParts<T>, isWanted = () => true): Promise<T | null> {
  while (isWanted()) {
    const end = performance.now() + TASK_MS;
    do {
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < end);
    await new Promise<void>(inTask);
  }
  return null;
}
