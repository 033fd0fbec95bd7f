import { useMemo } from 'react';
import type { Decision, LayerView, StepName } from '../../src/index';
import { comparedDifferences, sidesOf, sourceWords } from '../store/compare/sides';
import { useStudio } from '../store/context';
import { gainsOf } from '../store/gains';
import type { GroupTree } from '../store/groups/groupTree';
import { playedOf } from '../store/playback/position';
import { type Ready, useReady } from './useReady';

interface SceneSides {
  readonly before: StepName;
  readonly after: StepName;
  readonly words: string;
  readonly wordsBefore: string;
}

/** What a scene is of: all of it belongs to the same moment. */
export interface ShownScene extends Pick<Ready, 'scene'> {
  /** Which model it is of. */
  readonly serial: number;
  readonly step: StepName;
  /** Of a comparison: which steps it is of, and how they are called. */
  readonly sides: SceneSides | null;
}

/** The scene of the shown step, alone or compared, as soon as it is made. */
export function useScene(tree: GroupTree): ShownScene {
  const serial = useStudio((studio) => studio.modelSerial);
  const step = useStudio((studio) => studio.shown);
  const graph = useStudio((studio) => studio.view.steps[studio.shown]?.graph ?? null);
  const played = useStudio(playedOf);
  const sides = useStudio(sidesOf);
  const differences = useStudio(comparedDifferences);
  const toggled = useStudio((studio) => studio.groupsToggled);
  const wanted = useMemo(
    () => ({ serial, step, graph, sides, differences, played }),
    [serial, step, graph, sides, differences, played],
  );
  const { shown, scene } = useReady(wanted, tree, toggled);
  const [left, right] = [shown.sides?.left.source ?? null, shown.sides?.right.source ?? null];
  const words = useStudio((studio) => right && sourceWords(studio, right));
  const wordsBefore = useStudio((studio) => left && sourceWords(studio, left));
  const named =
    left && right
      ? { before: left.step, after: right.step, words: words ?? '', wordsBefore: wordsBefore ?? '' }
      : null;
  return { scene, serial: shown.serial, step: shown.step, sides: named };
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
