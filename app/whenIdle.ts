/** After that much the page is at rest as a rule. */
const MOMENT_MS = 1000;

/** Calls back when the page has nothing else to do, at the latest after `wait` ms. Gives what takes it back. */
export function whenIdle(run: () => void, wait: number): () => void {
  // Safari has no such moment to offer, Node neither.
  if (typeof globalThis.requestIdleCallback !== 'function') {
    const timer = setTimeout(run, Math.min(wait, MOMENT_MS));
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(run, { timeout: wait });
  return () => cancelIdleCallback(request);
}
