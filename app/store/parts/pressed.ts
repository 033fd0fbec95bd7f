import type { Watchers } from './turns';

/** What the user does is answered at once where it was done; what comes from the engine or from a timer can wait for its turn. */
export function watchersNow(): Watchers {
  const { event } = window;
  if (event === undefined || event instanceof MessageEvent) return 'none';
  const { target } = event;
  return target instanceof Element ? (id) => target.closest(`#${id}`) !== null : 'all';
}
