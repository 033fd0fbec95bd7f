import type { Batch } from '../../exec/batches';
import { compareModels } from '../../exec/compare';
import type { Comparison } from '../../exec/comparison';
import { DeviceError } from '../../exec/device';
import type { Job } from '../../exec/job';
import { floatModel } from '../../quant/floatModel';
import type {
  ComparisonOutcome,
  SemanticsComparison,
  SemanticsDifference,
  SemanticsFigures,
} from '../comparisonView';
import { floatTaps } from '../layerTaps';
import type { Settings } from '../settings';
import type { LoadSnapshot } from '../snapshots';
import { semanticsDifferences } from './semanticsDifferences';
import { type Attempt, runSemantics, type SemanticsRun } from './semanticsRun';

const PHASE = 'Other semantics';

/**
 * Runs the other semantics on the same model, data and settings and says where the two differ. The finished run is
 * never lost: a cancel here is an outcome.
 */
export async function compareSemantics(
  load: LoadSnapshot,
  own: SemanticsRun,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<ComparisonOutcome> {
  const work: Job = { ...job, progress: (_, done, total) => job.progress(PHASE, done, total) };
  const start = performance.now();
  try {
    const comparison = await compared(load, own, settings, batches, work);
    return { kind: 'compared', comparison: { ...comparison, ms: performance.now() - start } };
  } catch (error) {
    if (job.signal.aborted) return { kind: 'stopped', reason: 'It was cancelled. Run Convert again for it.' };
    if (error instanceof DeviceError) return { kind: 'stopped', reason: error.message };
    throw error;
  }
}

async function compared(
  load: LoadSnapshot,
  own: SemanticsRun,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Omit<SemanticsComparison, 'ms'>> {
  const semantics = own.semantics === 'exact' ? 'pytorch' : 'exact';
  const attempt = await runSemantics(load, { ...settings, semantics }, batches, job);
  const mine: Attempt = { run: own, error: null };
  const [exact, pytorch] = own.semantics === 'exact' ? [mine, attempt] : [attempt, mine];
  const differences = differencesOf(own, exact, pytorch);
  const layers = new Set(differences.flatMap(({ layer }) => layer ?? []));
  const figures = (side: Attempt) => figuresOf(load, side, layers, batches, job);
  return { differences, exact: await figures(exact), pytorch: await figures(pytorch) };
}

function differencesOf(
  shown: SemanticsRun,
  exact: Attempt,
  pytorch: Attempt,
): readonly SemanticsDifference[] {
  if (exact.run && pytorch.run)
    return semanticsDifferences({ exact: exact.run, pytorch: pytorch.run, shown });
  const node = exact.error?.node ?? pytorch.error?.node ?? null;
  const text = (who: string, { error }: Attempt) => {
    if (!error) return `${who} runs through.`;
    return error.message.startsWith(who) ? error.message : `${who} stops at ${error.step}: ${error.message}`;
  };
  if (node === null) return [];
  return [{ node, also: [], layer: null, exact: text('Exact', exact), pytorch: text('PyTorch', pytorch) }];
}

async function figuresOf(
  load: LoadSnapshot,
  { run, error }: Attempt,
  layers: ReadonlySet<string>,
  batches: readonly Batch[],
  job: Job,
): Promise<SemanticsFigures> {
  if (!run) return { maxRelError: null, sqnr: null, layers: {}, error };
  const errors = await layerErrors(load, run, layers, batches, job);
  return {
    maxRelError: run.equalize.verification.maxRelError,
    sqnr: run.convert.outputs.equalized.sqnr,
    layers: Object.fromEntries(
      [...layers].map((name) => [
        name,
        {
          maxRelError: errors.get(name)?.maxRelError ?? null,
          sqnr: run.convert.layers.equalized.get(name)?.sqnr ?? null,
        },
      ]),
    ),
    error: null,
  };
}

/** How far equalization moved the outputs of these layers in the float model. */
async function layerErrors(
  load: LoadSnapshot,
  { equalize }: SemanticsRun,
  layers: ReadonlySet<string>,
  batches: readonly Batch[],
  job: Job,
): Promise<ReadonlyMap<string, Comparison>> {
  const taps = floatTaps(equalize.model, equalize.result.outputScales).filter(({ name }) => layers.has(name));
  if (taps.length === 0) return new Map();
  return (await compareModels(load.model, floatModel(equalize.model), batches, taps, job)).taps;
}
