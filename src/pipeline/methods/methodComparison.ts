import type { EqualizeResult } from '../../equalize/equalization';
import { accuracy } from '../../exec/accuracy';
import type { Batch } from '../../exec/batches';
import { compareEach } from '../../exec/compare';
import type { Comparison } from '../../exec/comparison';
import type { Job } from '../../exec/job';
import { GraphError } from '../../graph/errors';
import type { Model } from '../../graph/model';
import { convertReference } from '../../quant/convert/convertReference';
import { floatModel } from '../../quant/floatModel';
import type { ObservedModel } from '../../quant/observer';
import { runSemantics } from '../comparison/semanticsRun';
import { type Calibrated, equalizeModel } from '../equalizeModel';
import { layerTaps } from '../layerTaps';
import { DEFAULT_SETTINGS, METHODS, type Settings } from '../settings';
import type { LoadSnapshot } from '../snapshots';
import type { MethodName, MethodRow } from './methodRow';

export interface MethodData {
  readonly calibration: readonly Batch[];
  readonly evaluation: readonly Batch[] | null;
}

/** An int8 model that one method made, to be measured. */
interface Made {
  readonly int8: Model;
  readonly float: Model;
  readonly equalized: Pick<EqualizeResult, 'model' | 'outputScales' | 'outputShifts'> & {
    readonly decisions: EqualizeResult['decisions'];
  };
}

const PHASE = 'Compare methods';
const NAMES: readonly MethodName[] = ['none', ...METHODS, 'pytorch'];

/**
 * Runs every method, none, and PyTorch's own pass on the same model, data and choice of layers, and measures each as
 * `convert` does. What a method cannot do is its row's `error`. Progress is told under `Compare methods`; throws the
 * signal's reason when cancelled.
 */
export async function compareMethods(
  calibrated: Calibrated & { readonly load: LoadSnapshot },
  settings: Settings,
  data: MethodData,
  job: Job,
): Promise<readonly MethodRow[]> {
  const rows: MethodRow[] = [];
  for (const [i, name] of NAMES.entries()) {
    const part: Job = {
      ...job,
      progress: (_, done, total) =>
        job.progress(PHASE, i + Math.min(1, done / Math.max(1, total)), NAMES.length),
    };
    rows.push(await rowOf(name, calibrated, settings, data, part));
  }
  job.progress(PHASE, NAMES.length, NAMES.length);
  return rows;
}

async function rowOf(
  name: MethodName,
  calibrated: Calibrated & { readonly load: LoadSnapshot },
  settings: Settings,
  data: MethodData,
  job: Job,
): Promise<MethodRow> {
  const start = performance.now();
  try {
    const made = await make(name, calibrated, settings, data.calibration, job);
    const measured = await measure(calibrated.load.model, made, data, job);
    return { name, ...measured, ms: performance.now() - start, error: null };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const nothing = { sqnr: null, accuracy: null, muls: 0, folds: 0, maxRelError: null, layers: {} };
    return { name, ...nothing, ms: performance.now() - start, error: error.message };
  }
}

async function make(
  name: MethodName,
  calibrated: Calibrated & { readonly load: LoadSnapshot },
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Made> {
  if (name === 'none') return plain(calibrated.calibrate.model, calibrated.load.model);
  if (name === 'pytorch') {
    const chosen: Settings = { ...settings, semantics: 'pytorch' };
    const { run, error } = await runSemantics(calibrated.load, chosen, batches, job);
    if (!run) throw new GraphError(error.message, error.node);
    const { equalized } = run;
    return { int8: run.reference, float: floatModel(equalized.model), equalized };
  }
  const chosen: Settings = { ...settings, method: name, byHand: DEFAULT_SETTINGS.byHand };
  const { result } = await equalizeModel(calibrated, chosen, batches, job);
  return { int8: convertReference(result.model).model, float: floatModel(result.model), equalized: result };
}

const plain = (model: ObservedModel, float: Model): Made => ({
  int8: convertReference(model).model,
  float,
  equalized: { model, outputScales: new Map(), outputShifts: new Map(), decisions: [] },
});

async function measure(
  float: Model,
  { int8, float: equalizedFloat, equalized }: Made,
  { calibration, evaluation }: MethodData,
  job: Job,
): Promise<Omit<MethodRow, 'name' | 'ms' | 'error'>> {
  const taps = layerTaps(equalized.model, equalized, int8);
  const candidates = [
    { model: int8, taps },
    { model: equalizedFloat, taps: [] },
  ];
  const [noise, error] = await compareEach(float, candidates, calibration, job);
  const labelled = evaluation?.some((batch) => batch.labels !== null) ? evaluation : null;
  const { decisions } = equalized;
  return {
    sqnr: noise?.outputs.sqnr ?? null,
    accuracy: labelled ? await accuracy(int8, labelled, job) : null,
    muls: new Set(decisions.flatMap((d) => (d.decision === 'mul' ? [d.mul] : []))).size,
    folds: decisions.filter(({ decision }) => decision === 'fold').length,
    maxRelError: error?.outputs.maxRelError ?? null,
    layers: Object.fromEntries(
      [...(noise?.taps ?? new Map<string, Comparison>())].map(([layer, { sqnr }]) => [layer, sqnr]),
    ),
  };
}
