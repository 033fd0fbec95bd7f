import * as Comlink from 'comlink';
import type { EngineApi, Outcome } from './api';
import { onEnd } from './life';

/** One worker from its begin to its end. */
export interface Running {
  readonly remote: Comlink.Remote<EngineApi>;
  /** Resolves when the worker has ended. */
  readonly ended: Promise<Outcome<never>>;
  end(reason: string): void;
  /** From now on its end is noticed, however it comes about. */
  watch(): void;
}

const STOPPED: Outcome<never> = {
  ok: false,
  error: { kind: 'cancelled', message: 'The engine stopped.', node: null },
};

export function beginWorker(stopped: (running: Running, reason: string) => void): Running {
  const name = `engine ${crypto.randomUUID()}`;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
  let resolve: (outcome: Outcome<never>) => void = () => {};
  const ended = new Promise<Outcome<never>>((settle) => {
    resolve = settle;
  });
  let isOver = false;
  const running: Running = {
    remote: Comlink.wrap<EngineApi>(worker),
    ended,
    end: (reason) => {
      if (isOver) return;
      isOver = true;
      worker.terminate();
      stopped(running, reason);
      resolve(STOPPED);
    },
    watch: () => void onEnd(name, () => running.end('its worker was ended by the browser')),
  };
  worker.addEventListener('error', (event) => running.end(event.message || 'its worker could not be loaded'));
  worker.addEventListener('messageerror', () => running.end('a message from its worker could not be read'));
  return running;
}
