import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { useStudio, useStudioStore } from './store/context';
import type { StudioStore } from './store/studio';

/** What only an open model needs, in a file of its own: graph, inspector, plots and tables. */
export type WorkbenchState =
  | { readonly kind: 'absent' | 'loading' }
  | { readonly kind: 'there'; readonly Workbench: ComponentType }
  | { readonly kind: 'failed'; readonly reason: string };

let state: WorkbenchState = { kind: 'absent' };
const listeners = new Set<() => void>();

function become(next: WorkbenchState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Loads it once. React's own `lazy` would show it 300 ms later. */
async function loadWorkbench(store: StudioStore): Promise<void> {
  if (state.kind !== 'absent') return;
  become({ kind: 'loading' });
  try {
    const { Workbench, layOutEarly } = await import('./Workbench');
    layOutEarly(store);
    become({ kind: 'there', Workbench });
  } catch (error) {
    become({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const SIGNS = ['pointerdown', 'keydown', 'dragenter'] as const;

/** Loads it at the first sign that somebody works here, and at the latest beside the first model. */
export function useEarlyWorkbench(): WorkbenchState {
  const store = useStudioStore();
  const isOpening = useStudio((studio) => studio.job !== null || studio.view.model !== null);
  useEffect(() => {
    const first = new AbortController();
    const load = () => {
      first.abort();
      void loadWorkbench(store);
    };
    for (const sign of SIGNS) window.addEventListener(sign, load, { signal: first.signal });
    return () => first.abort();
  }, [store]);
  useEffect(() => {
    if (isOpening) void loadWorkbench(store);
  }, [isOpening, store]);
  return useSyncExternalStore(subscribe, () => state);
}
