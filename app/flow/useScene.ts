import { useDeferredValue, useMemo } from 'react';
import type { Decision, LayerView, StepName } from '../../src/index';
import { comparedDifferences, sidesOf, sourceWords } from '../store/compare/sides';
import { useStudio } from '../store/context';
import { gainsOf } from '../store/gains';
import { playedOf } from '../store/playback/position';
import { playScene } from './playback/playScene';
import { compareScene, type Scene, singleScene } from './union';

interface SceneSides {
  readonly before: StepName;
  readonly after: StepName;
  readonly words: string;
  readonly wordsBefore: string;
}

/**
 * What is compared. Two large graphs take their time to be made one scene: a task behind the press that asks for it. Of
 * another model they are taken at once, or the old one's graphs would stand under the new one's name.
 */
function useCompared() {
  const serial = useStudio((studio) => studio.modelSerial);
  const sides = useStudio(sidesOf);
  const differences = useStudio(comparedDifferences);
  const now = useMemo(() => ({ serial, sides, differences }), [serial, sides, differences]);
  const later = useDeferredValue(now);
  return later.serial === serial ? later : now;
}

/** The scene of the shown step, alone or compared; of a comparison which steps it is of, and how they are called. */
export function useScene(): { readonly scene: Scene | null; readonly sides: SceneSides | null } {
  const shown = useStudio((studio) => studio.view.steps[studio.shown]);
  const played = useStudio(playedOf);
  const { sides, differences } = useCompared();
  const words = useStudio((studio) => (sides === null ? '' : sourceWords(studio, sides.right.source)));
  const wordsBefore = useStudio((studio) => (sides === null ? '' : sourceWords(studio, sides.left.source)));
  const isThere = shown !== undefined;
  const alone = sides === null ? shown : undefined;
  const scene = useMemo(() => {
    if (!isThere) return null;
    if (played !== null) return playScene(played, sides !== null);
    if (sides !== null) return compareScene(sides.left.graph, sides.right.graph, differences);
    return alone === undefined ? null : singleScene(alone.graph);
  }, [isThere, alone, sides, differences, played]);
  return {
    scene,
    sides: sides && { before: sides.left.source.step, after: sides.right.source.step, words, wordsBefore },
  };
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
