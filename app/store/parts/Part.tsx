import { type ReactNode, useLayoutEffect, useState } from 'react';
import { createStore } from 'zustand/vanilla';
import { DrawnContext, useStudioStore, useTurns } from '../context';
import type { Studio } from '../studio';

/**
 * The parts of the page in the order in which they are drawn after an answer of the engine: first the window, with what
 * stands in no other part. The steps come last: when one shows that it is done, all that came of it is there.
 */
const TURNS = ['window', 'graph', 'outline', 'inspector', 'lower', 'header', 'pipeline'] as const;

interface PartProps {
  /** The `id` of its element. */
  readonly id: (typeof TURNS)[number];
  readonly children: ReactNode;
}

/** A part of the page that is drawn in a task of its own: what stands in it sees the store as of the part's last turn. */
export function Part({ id, children }: PartProps) {
  const store = useStudioStore();
  const turns = useTurns();
  const [drawn] = useState(() => createStore<Studio>()(() => store.getState()));
  useLayoutEffect(() => turns.add({ id, turn: TURNS.indexOf(id), drawn }), [turns, drawn, id]);
  return <DrawnContext value={drawn}>{children}</DrawnContext>;
}
