import { createContext, useContext, useEffect, useLayoutEffect, useState } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { useStudio } from '../store/context';
import type { PaneNode } from './elements';

/** The one thing in a pane that Tab stops at; the arrow keys walk on from there. */
type TabStop = StoreApi<{ readonly item: string | null }>;

const createTabStop = (): TabStop => createStore(() => ({ item: null }));

export const TabStopContext = createContext<TabStop>(createTabStop());

/** Draws anew the item that Tab has left and the one that it stops at, and none of hundreds of others. */
export const useTabIndex = (item: string): 0 | -1 =>
  useStore(useContext(TabStopContext), (stop) => (stop.item === item ? 0 : -1));

/** The wanted one while it is drawn, else the first node in the order of the graph. */
function stopAmong(nodes: readonly PaneNode[], wanted: string | null): string | null {
  if (wanted !== null && nodes.some(({ id }) => id === wanted)) return wanted;
  return (nodes.find(({ type }) => type !== 'frame') ?? nodes[0])?.id ?? null;
}

/** Keeps a pane's tab stop at what had the focus last, or was selected since. */
export function useTabStop(nodes: readonly PaneNode[]) {
  const [stop] = useState(createTabStop);
  const [wanted, setWanted] = useState<string | null>(null);
  const selected = useStudio((studio) => studio.selected);
  useEffect(() => {
    if (selected !== null) setWanted(selected);
  }, [selected]);
  useLayoutEffect(() => stop.setState({ item: stopAmong(nodes, wanted) }), [stop, nodes, wanted]);
  return { stop, setWanted };
}
