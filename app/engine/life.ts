/*
 * A worker holds a lock as long as it lives: the browser tells nobody else that it ended. Where the browser gives no locks
 * (site data is blocked), only what the worker itself reports of its end is heard.
 */

const isRefused = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'SecurityError';

async function request(name: string, held: () => Promise<void> | void): Promise<void> {
  if (!('locks' in navigator)) return;
  try {
    await navigator.locks.request(name, held);
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

/** Called by the worker: it lives under this name from now on. */
export const live = (name: string): Promise<void> => request(name, () => new Promise<void>(() => {}));

/** Calls back when the worker of that name has ended, however that came about. */
export const onEnd = (name: string, ended: () => void): Promise<void> => request(name, ended);
