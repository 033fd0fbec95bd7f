import type { ModuleName, NodeName } from '../graph/ids';
import type { ChannelStats } from './channelStats';
import type { ObservedModel, Observer } from './observer';
import { type Counting, observeHistogram, planHistogram } from './observers/histogram';
import type { CountedRange } from './observers/histogramRange';
import { entriesOf, type Observation, observationsOf } from './withStats';

/** One value to count: in which batch, of which node, between which edges, for which observer object. */
interface Count extends Observation {
  readonly root: ModuleName;
  readonly bins: number;
  readonly step: CountedRange;
}

/** What a run over the data has to count of a node in one batch. */
export interface CountRequest {
  readonly node: NodeName;
  readonly low: number;
  readonly high: number;
  readonly bins: number;
}

/**
 * Fills HistogramObservers in a second run over the calibration data. The ranges of all batches, from the first run,
 * fix where each batch is counted; what was counted is merged batch by batch, in the observers' own order.
 */
export class HistogramCalibration {
  private readonly counts: readonly Count[];
  private readonly observers: Record<ModuleName, Observer>;

  /** `model` with empty histograms; `stats` with the ranges of each batch for every node to count. */
  constructor(
    private readonly model: ObservedModel,
    stats: ReadonlyMap<NodeName, ChannelStats>,
    counting: Counting,
  ) {
    this.observers = { ...model.observers };
    this.counts = entriesOf(model.observers).flatMap(([root, observer]) => {
      if (observer.kind !== 'histogram' || observer.sharesWith !== null) return [];
      const seen = observationsOf(model, root, stats);
      const ranges = seen.map(({ range }) => range);
      return planHistogram(observer, ranges, counting).flatMap((step, i): readonly Count[] => {
        const observation = seen[i];
        return step && observation ? [{ ...observation, root, bins: observer.bins, step }] : [];
      });
    });
  }

  /** False when no observer of the model needs a histogram. */
  get needed(): boolean {
    return this.counts.length > 0;
  }

  /** What to count in a batch, in the order in which `take` wants the counts. */
  requests(batch: number): readonly CountRequest[] {
    return this.of(batch).map(({ node, bins, step }) => ({ node, bins, low: step.low, high: step.high }));
  }

  /** Merges one batch's counts into the observers. Batches must come in their order. */
  take(batch: number, counts: readonly ArrayLike<number>[]): void {
    this.of(batch).forEach(({ root, step }, i) => {
      const observer = this.observers[root];
      const counted = counts[i];
      if (observer?.kind !== 'histogram' || !counted)
        throw new Error(`internal: '${root}' was not counted in batch ${batch}.`);
      this.observers[root] = observeHistogram(observer, step, counted);
    });
  }

  result(): ObservedModel {
    return { ...this.model, observers: this.observers };
  }

  private of(batch: number): readonly Count[] {
    return this.counts.filter((count) => count.batch === batch);
  }
}
