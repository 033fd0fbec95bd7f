import { useEffect } from 'react';
import { comparedDifferences } from '../../store/compare/sides';
import { useStudio, useStudioStore } from '../../store/context';
import { whenIdle } from '../../whenIdle';

/** The page need not be at rest for longer than this, in milliseconds. */
const AHEAD_MS = 1000;

/** Finds where the shown step differs from the one before, ahead of the press that asks for it, which has enough to do. */
export function useDifferencesAhead(): void {
  const store = useStudioStore();
  const graph = useStudio((studio) => studio.view.steps[studio.shown]?.graph);
  useEffect(() => {
    if (graph === undefined) return;
    return whenIdle(() => comparedDifferences({ ...store.getState(), mode: 'compare' }), AHEAD_MS);
  }, [store, graph]);
}
