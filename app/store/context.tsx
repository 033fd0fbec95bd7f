import { createContext, type ReactNode, useContext, useState } from 'react';
import { useStore } from 'zustand';
import { inTask } from '../inTask';
import { watchersNow } from './parts/pressed';
import { Turns } from './parts/turns';
import type { Studio, StudioStore } from './studio';

interface Provided {
  readonly store: StudioStore;
  readonly turns: Turns;
}

const StudioContext = createContext<Provided | null>(null);

/** The store as the part of the page that a component stands in sees it, see `parts/Part`; null outside of all parts. */
export const DrawnContext = createContext<StudioStore | null>(null);

export function StudioProvider({ store, children }: { store: StudioStore; children: ReactNode }) {
  const [provided] = useState(() => ({ store, turns: new Turns(store, watchersNow, inTask) }));
  return <StudioContext value={provided}>{children}</StudioContext>;
}

function useProvided(): Provided {
  const provided = useContext(StudioContext);
  if (provided === null)
    throw new Error('internal: a component of the studio stands outside its StudioProvider');
  return provided;
}

/** The store of the nearest provider, as it is now: for those who do something. */
export const useStudioStore = (): StudioStore => useProvided().store;

/** What draws the parts of the page one after the other. */
export const useTurns = (): Turns => useProvided().turns;

function useDrawn(): StudioStore {
  const store = useStudioStore();
  return useContext(DrawnContext) ?? store;
}

/** A part of the store; the component draws again when that part changes. */
export const useStudio = <T,>(select: (studio: Studio) => T): T => useStore(useDrawn(), select);
