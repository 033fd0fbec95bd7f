import type { Batch } from '../../exec/batches';
import { DeviceError, GpuFailure } from '../../exec/device';
import type { Job } from '../../exec/job';
import { GraphError } from '../../graph/errors';
import type {
  ComparisonOutcome,
  SemanticsComparison,
  SemanticsDifference,
  SemanticsFigures,
  StepError,
} from '../comparisonView';
import { DEFAULT_SETTINGS, type Semantics, type Settings } from '../settings';
import type { LoadSnapshot } from '../snapshots';
import { semanticsDifferences } from './semanticsDifferences';
import { measureBoth, type OwnRun } from './semanticsFigures';
import { runSemantics, type SemanticsRun } from './semanticsRun';

const PHASE = 'Other semantics';

/**
 * Runs the other semantics on the same model, data and settings and says where the two differ. The finished run is
 * never lost: a cancel here is an outcome.
 */
export async function compareSemantics(
  load: LoadSnapshot,
  own: OwnRun,
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
    // Another device may do it.
    if (error instanceof GpuFailure) throw error;
    if (error instanceof DeviceError) return { kind: 'stopped', reason: error.message };
    throw error;
  }
}

type Compared = Omit<SemanticsComparison, 'ms'>;

async function compared(
  load: LoadSnapshot,
  own: OwnRun,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Compared> {
  const semantics = own.run.semantics === 'exact' ? 'pytorch' : 'exact';
  const { run, error } = await runSemantics(load, otherSettings(settings, semantics), batches, job);
  if (!run) return stopped(own, error);
  const differences = differencesOf(own.run, run);
  const layers = new Set(differences.flatMap(({ layer }) => layer ?? []));
  try {
    const figures = await measureBoth(load, own, run, layers, batches, job);
    return { differences, ...bySemantics(own, figures.own, figures.other) };
  } catch (error) {
    // The other semantics' int8 model may be one that cannot run.
    if (!(error instanceof GraphError)) throw error;
    return stopped(own, { step: 'convert', message: error.message, node: error.node });
  }
}

/** What the user chose for exact semantics does not show in PyTorch's: beside it, exact has PyTorch's formula. */
const otherSettings = (settings: Settings, semantics: Semantics): Settings =>
  semantics === 'exact'
    ? { ...settings, semantics, method: DEFAULT_SETTINGS.method, byHand: DEFAULT_SETTINGS.byHand }
    : { ...settings, semantics };

function differencesOf(own: SemanticsRun, other: SemanticsRun): readonly SemanticsDifference[] {
  const [exact, pytorch] = own.semantics === 'exact' ? [own, other] : [other, own];
  return semanticsDifferences({ exact, pytorch, shown: own });
}

const bySemantics = ({ run }: OwnRun, own: SemanticsFigures, other: SemanticsFigures) =>
  run.semantics === 'exact' ? { exact: own, pytorch: other } : { exact: other, pytorch: own };

/** The other semantics refuses the model: that is the difference, on the node at fault. */
function stopped(own: OwnRun, error: StepError): Compared {
  const figures = bySemantics(
    own,
    {
      maxRelError: own.verification.maxRelError,
      sqnr: own.outputs.equalized.sqnr,
      layers: {},
      error: null,
    },
    { maxRelError: null, sqnr: null, layers: {}, error },
  );
  const text = (who: string, { error }: SemanticsFigures) => {
    if (!error) return `${who} runs through.`;
    return error.message.startsWith(who) ? error.message : `${who} stops at ${error.step}: ${error.message}`;
  };
  const { node } = error;
  const [exact, pytorch] = [text('Exact', figures.exact), text('PyTorch', figures.pytorch)];
  const differences = node === null ? [] : [{ node, also: [], layer: null, exact, pytorch }];
  return { differences, ...figures };
}
