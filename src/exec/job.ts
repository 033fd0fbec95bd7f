/** A piece of work that reports how far it is and can be stopped. */
export interface Job {
  readonly signal: AbortSignal;
  /** `done` of `total` units of the current phase. */
  progress(phase: string, done: number, total: number): void;
}

let lastPause = 0;

/** Within one batch the thread is let go no more often: each time may take the browser 4 ms. */
const LONG_MS = 150;

/** Whether the thread has been held for so long that a click on Cancel waits for an answer. */
export const isHeldLong = (): boolean => performance.now() - lastPause > LONG_MS;

/** Lets the thread handle messages (a click on Cancel) and throws the signal's reason when it was aborted. */
export async function breathe(job: Job): Promise<void> {
  const now = performance.now();
  if (now - lastPause > 12) {
    await new Promise<void>((resume) => setTimeout(resume, 0));
    lastPause = performance.now();
  }
  job.signal.throwIfAborted();
}

/** A job that nobody watches or stops. */
export const PLAIN_JOB: Job = { signal: new AbortController().signal, progress: () => undefined };
