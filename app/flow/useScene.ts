import { useMemo } from 'react';
import type { Decision, LayerView, StepName } from '../../src/index';
import { useStudio } from '../store/context';
import { gainsOf } from '../store/gains';
import { playedOf } from '../store/playback/position';
import { stepBefore } from '../store/selectors';
import { playScene } from './playback/playScene';
import { compareScene, type Scene, singleScene } from './union';

/** The scene of the shown step, and the step that it is compared with. */
export function useScene(): { readonly scene: Scene | null; readonly before: StepName | null } {
  const shown = useStudio((studio) => studio.view.steps[studio.shown]);
  const earlier = useStudio((studio) => stepBefore(studio.view, studio.shown));
  const mode = useStudio((studio) => studio.mode);
  const played = useStudio(playedOf);
  const before = mode === 'compare' ? earlier : null;
  const scene = useMemo(() => {
    if (shown === undefined) return null;
    if (played !== null) return playScene(played, before !== null);
    return before === null ? singleScene(shown.graph) : compareScene(before.graph, shown.graph);
  }, [shown, before, played]);
  return { scene, before: before?.step ?? null };
}

const decisionsOf = (layers: readonly LayerView[]): ReadonlyMap<string, Decision> =>
  new Map(layers.flatMap(({ name, decision }) => (decision === null ? [] : [[name, decision] as const])));

const NOTHING_DECIDED: ReadonlyMap<string, Decision> = new Map();

/** Layers wear their decision from the step on that takes it. */
export function useDecisions(): (step: StepName | null) => ReadonlyMap<string, Decision> {
  const layers = useStudio((studio) => studio.view.layers);
  const decisions = useMemo(() => decisionsOf(layers), [layers]);
  return (step) => (step === 'equalize' || step === 'convert' ? decisions : NOTHING_DECIDED);
}

const NOTHING_GAINED: ReadonlyMap<string, number> = new Map();

/** What the layers gained, while the graph is painted by it: at every step, for it is the model that is painted. */
export function useGains(): ReadonlyMap<string, number> {
  const layers = useStudio((studio) => studio.view.layers);
  const isPainted = useStudio((studio) => studio.painted);
  return useMemo(() => (isPainted ? gainsOf(layers) : NOTHING_GAINED), [layers, isPainted]);
}
