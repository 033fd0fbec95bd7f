import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Studio, StudioStore } from './studio';

const StudioContext = createContext<StudioStore | null>(null);

export function StudioProvider({ store, children }: { store: StudioStore; children: ReactNode }) {
  return <StudioContext value={store}>{children}</StudioContext>;
}

/** The store of the nearest provider. */
export function useStudioStore(): StudioStore {
  const store = useContext(StudioContext);
  if (store === null)
    throw new Error('internal: a component of the studio stands outside its StudioProvider');
  return store;
}

/** A part of the store; the component draws again when that part changes. */
export const useStudio = <T,>(select: (studio: Studio) => T): T => useStore(useStudioStore(), select);
