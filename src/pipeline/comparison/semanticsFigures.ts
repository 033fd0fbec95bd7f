import type { Batch } from '../../exec/batches';
import { type Candidate, compareEach, type ModelTap } from '../../exec/compare';
import type { Comparison } from '../../exec/comparison';
import type { Job } from '../../exec/job';
import { floatModel } from '../../quant/floatModel';
import type { LayerFigures, SemanticsFigures } from '../comparisonView';
import { floatTaps, layerTaps } from '../layerTaps';
import type { Semantics } from '../settings';
import type { ConvertSnapshot, EqualizeSnapshot, LoadSnapshot, Snapshots } from '../snapshots';
import { sameModel } from './sameModel';
import type { SemanticsRun } from './semanticsRun';

/** The run of the semantics that the user chose, and what its own steps measured. */
export interface OwnRun {
  readonly run: SemanticsRun;
  readonly verification: EqualizeSnapshot['verification'];
  readonly outputs: ConvertSnapshot['outputs'];
  readonly layers: ConvertSnapshot['layers'];
}

export const ownRun = (
  semantics: Semantics,
  {
    prepare,
    calibrate,
    equalize,
    convert,
  }: Required<Pick<Snapshots, 'prepare' | 'calibrate' | 'equalize' | 'convert'>>,
): OwnRun => ({
  run: {
    semantics,
    fused: prepare.fused,
    calibrated: calibrate.model,
    equalized: equalize.result,
    reference: convert.forms.reference.model,
    converted: convert.model,
  },
  verification: equalize.verification,
  outputs: convert.outputs,
  layers: convert.layers,
});

export interface BothFigures {
  readonly own: SemanticsFigures;
  readonly other: SemanticsFigures;
}

/**
 * Measures the other semantics' models as the steps measured the chosen one's, and of both the layers beside the
 * differences. Each model runs once a batch; models that are the same need no second look.
 */
export async function measureBoth(
  load: LoadSnapshot,
  own: OwnRun,
  other: SemanticsRun,
  layers: ReadonlySet<string>,
  batches: readonly Batch[],
  job: Job,
): Promise<BothFigures> {
  const model = { maxRelError: own.verification.maxRelError, sqnr: own.outputs.equalized.sqnr };
  const [ownFloat, otherFloat] = [own.run, other].map(({ equalized }) => floatModel(equalized.model));
  if (!ownFloat || !otherFloat) throw new Error('internal: two runs have two models.');
  if (layers.size === 0 && sameModel(ownFloat, otherFloat) && sameModel(own.run.reference, other.reference)) {
    const same = { ...model, layers: {}, error: null };
    return { own: same, other: same };
  }
  const tapsIn = ({ equalized }: SemanticsRun) => only(layers, floatTaps(equalized.model, equalized));
  const { equalized, reference } = other;
  const int8Taps = layerTaps(equalized.model, equalized, reference);
  const float: Candidate = { model: otherFloat, taps: tapsIn(other) };
  const int8: Candidate = { model: reference, taps: only(layers, int8Taps) };
  const mine: Candidate = { model: ownFloat, taps: tapsIn(own.run) };
  const candidates = mine.taps.length > 0 ? [float, int8, mine] : [float, int8];
  const [error, noise, ownError] = await compareEach(load.model, candidates, batches, job);
  return {
    own: { ...model, layers: layerFigures(layers, ownError?.taps, own.layers.equalized), error: null },
    other: {
      maxRelError: error?.outputs.maxRelError ?? null,
      sqnr: noise?.outputs.sqnr ?? null,
      layers: layerFigures(layers, error?.taps, noise?.taps),
      error: null,
    },
  };
}

const only = (layers: ReadonlySet<string>, taps: readonly ModelTap[]): readonly ModelTap[] =>
  taps.filter(({ name }) => layers.has(name));

const layerFigures = (
  layers: ReadonlySet<string>,
  errors: ReadonlyMap<string, Comparison> | undefined,
  noise: ReadonlyMap<string, Comparison> | undefined,
): Readonly<Record<string, LayerFigures>> =>
  Object.fromEntries(
    [...layers].map((name) => [
      name,
      { maxRelError: errors?.get(name)?.maxRelError ?? null, sqnr: noise?.get(name)?.sqnr ?? null },
    ]),
  );
