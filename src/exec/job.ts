/** A piece of work that reports how far it is and can be stopped. */
export interface Job {
  readonly signal: AbortSignal;
  /** `done` of `total` units of the current phase. */
  progress(phase: string, done: number, total: number): void;
}

let lastPause = 0;

/** Within one batch the thread is let go no more often. */
const LONG_MS = 150;

/** Whether the thread has been held for so long that a click on Cancel waits for an answer. */
export const isHeldLong = (): boolean => performance.now() - lastPause > LONG_MS;

/**
 * Resolves in a task of its own, behind the messages that have arrived by now. A message and no timer: timers that follow each
 * other are 4 ms late in browsers.
 */
const nextTask = (): Promise<void> =>
  new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      // Node does not end while a port is open.
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });

/** Lets the thread handle messages (a click on Cancel) and throws the signal's reason when it was aborted. */
export async function breathe(job: Job): Promise<void> {
  const now = performance.now();
  if (now - lastPause > 12) {
    await nextTask();
    lastPause = performance.now();
  }
  job.signal.throwIfAborted();
}

/** A job that nobody watches or stops. */
export const PLAIN_JOB: Job = { signal: new AbortController().signal, progress: () => undefined };
