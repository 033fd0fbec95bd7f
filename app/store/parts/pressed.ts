import type { Later, Watchers } from './turns';

/** What the user does is answered at once where it was done; what comes from the engine or from a timer can wait for its turn. */
export function watchersNow(): Watchers {
  const { event } = window;
  if (event === undefined || event instanceof MessageEvent) return 'none';
  const { target } = event;
  return target instanceof Element ? (id) => target.closest(`#${id}`) !== null : 'all';
}

/** A task behind those that wait already, without the milliseconds that timers are held back for. */
export function taskQueue(): Later {
  const runs: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => runs.shift()?.();
  return (run) => {
    runs.push(run);
    port2.postMessage(null);
  };
}
