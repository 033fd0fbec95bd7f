import type { ModuleName } from '../graph/ids';
import { checkHistogramRanges } from '../quant/checkRanges';
import { HistogramCalibration } from '../quant/histogramCalibration';
import { emptyObserver, type ObservedModel, type Observer } from '../quant/observer';
import type { Counting } from '../quant/observers/histogram';
import { observeWeights } from '../quant/observeWeights';
import { entriesOf, needsBatches, observerNodes, withStats } from '../quant/withStats';
import type { Batch } from './batches';
import { collectHistograms } from './collectHistograms';
import { collectChannelStats, type StatsTap } from './collectStats';
import type { Job } from './job';
import { withNonFinite } from './nonFiniteStats';

/**
 * Runs the calibration data through the observed model and fills every observer, those of weights too.
 * Histograms take a second run: the edges of their bins follow from the ranges that the first one finds. PyTorch's
 * ranges hold NaN and infinities where the data does. `taps` says along which axis each observer
 * node's channels lie.
 */
export async function calibrateObservers(
  model: ObservedModel,
  taps: readonly StatsTap[],
  batches: readonly Batch[],
  job: Job,
  counting: Counting,
): Promise<ObservedModel> {
  const twice = Object.values(model.observers).some((observer) => observer.kind === 'histogram');
  const modules = new Map(observerNodes(model).map(({ node, module }) => [node, module]));
  const asking = taps.map((tap) => {
    const module = modules.get(tap.node);
    return { ...tap, byBatch: module !== undefined && needsBatches(model, module) };
  });
  const first = twice ? partOf(job, 0, batches.length) : job;
  const finite = await collectChannelStats(model, asking, batches, first);
  const stats = counting === 'pytorch' ? await withNonFinite(model, asking, batches, first, finite) : finite;
  if (counting === 'pytorch') checkHistogramRanges(model, stats);
  const histograms = new HistogramCalibration(withStats(model, stats), stats, counting);
  if (histograms.needed)
    await collectHistograms(model, batches, partOf(job, batches.length, batches.length), histograms);
  return observeWeights(histograms.result());
}

/**
 * Lets some observers of a model whose tensors were scaled see these tensors anew, since neither a histogram nor an
 * average over batches follows from a range. Those that keep nothing but a range stay as they are; all keep their
 * channels' statistics, which are those before equalization.
 */
export async function observeAgain(
  model: ObservedModel,
  modules: ReadonlySet<ModuleName>,
  batches: readonly Batch[],
  job: Job,
): Promise<ObservedModel> {
  const again = new Set([...modules].filter((module) => needsBatches(model, module)));
  if (again.size === 0) return model;
  const observers: Record<ModuleName, Observer> = { ...model.observers };
  for (const [name, observer] of entriesOf(model.observers))
    if (again.has(name)) observers[name] = { ...emptyObserver(observer), sharesWith: observer.sharesWith };
  const taps = observerNodes(model).flatMap(({ node, module }) =>
    again.has(module) ? [{ node, axis: null }] : [],
  );
  const seen = await calibrateObservers({ ...model, observers }, taps, batches, job, 'exact');
  for (const [name, { channels }] of entriesOf(model.observers)) {
    const fresh = seen.observers[name];
    if (again.has(name) && fresh) observers[name] = { ...fresh, channels };
  }
  return { ...model, observers };
}

/** Progress as a part of a job of twice the length. */
const partOf = (job: Job, start: number, length: number): Job => ({
  ...job,
  progress: (phase, done) => job.progress(phase, start + done, 2 * length),
});
