import type { ComponentType } from 'react';
import { layOutEarly } from './flow/first/earlyLayout';
import { layouts } from './flow/layoutClient';
import { inTask } from './inTask';
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
export async function loadWorkbench(): Promise<void> {
  if (state.kind !== 'absent') return;
  become({ kind: 'loading' });
  layouts.startEarly();
  try {
    const { Workbench } = await import('./Workbench');
    // The script was run in this task; drawing what it has is another one.
    await new Promise<void>(inTask);
    become({ kind: 'there', Workbench });
  } catch (error) {
    become({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

export const workbenchState = (): WorkbenchState => state;

export function onWorkbench(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const SIGNS = ['pointerdown', 'keydown', 'dragenter'] as const;

/** A file that takes longer to be read leaves time to load it meanwhile; else its first picture goes before: cores are few. */
const LONG_READING_MS = 600;

/**
 * Loads it at the first sign that somebody works here. Where a file comes without one, what lays graphs out is started first;
 * `OpenModel` loads it at the latest.
 */
export function loadWorkbenchEarly(store: StudioStore): void {
  const first = new AbortController();
  const begin = () => {
    first.abort();
    leave();
    void loadWorkbench();
  };
  const leave = store.subscribe(({ job }) => {
    if (job === null) return;
    leave();
    layouts.startEarly();
    setTimeout(begin, LONG_READING_MS);
  });
  for (const sign of SIGNS) window.addEventListener(sign, begin, { signal: first.signal });
  layOutEarly(store);
}
