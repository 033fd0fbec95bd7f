import { type RangeStatistic, rangeStatistic } from '../../equalize/rangeStatistic';
import { findRegions } from '../../equalize/regions/regions';
import { classRanges, statsOf } from '../../equalize/rules/classRanges';
import { RULE_GRID } from '../../equalize/rules/grid';
import type { ChannelRange } from '../../equalize/scale';
import type { Batch } from '../../exec/batches';
import type { Job } from '../../exec/job';
import type { ObservedModel } from '../../quant/observer';
import { type Site, sitesOf } from '../../search/candidate';
import { firstSamples } from '../../search/firstSamples';
import { rankSite } from '../../search/rankSite';
import { type Trial, WORTH } from '../../search/selection';

/** What equalization would gain one layer: plain data, ready for the page. */
export interface LayerAdvice {
  readonly layer: string;
  /** From ranges alone, by PyTorch's detector: the share of channels it recommends; null where it refuses the layer. */
  readonly detector: { readonly share: number; readonly isRecommended: boolean } | null;
  /** The best of all rules at the layer's own region, against none. */
  readonly measured: {
    readonly plain: number;
    readonly best: number;
    readonly rule: string;
    readonly cost: 'none' | 'fold' | 'mul';
  };
  /** Columns whose input never changes or whose weights are all zero: no scale helps them. */
  readonly dead: readonly number[];
  /** Columns whose input range is more than ten times the median: they set the step of all others. */
  readonly outliers: readonly number[];
  /** Whether equalization gains at least 0.1 dB. */
  readonly advised: boolean;
}

const OUTLIER = 10;

/**
 * What equalization would gain each layer of a calibrated model in which every layer is to be equalized. Progress is
 * told under `Advise`; throws the signal's reason when cancelled.
 */
export async function adviseLayers(
  model: ObservedModel,
  batches: readonly Batch[],
  job: Job,
): Promise<readonly LayerAdvice[]> {
  const sites = findRegions(model).flatMap((region) => sitesOf(model, region, RULE_GRID));
  const input = { model, batches: firstSamples(batches) };
  const quiet: Job = { ...job, progress: () => {} };
  const advice: LayerAdvice[] = [];
  for (const [i, site] of sites.entries()) {
    job.progress('Advise', i, sites.length);
    const trials = await rankSite(input, site, quiet);
    advice.push(...layersOf(model, site, trials));
  }
  job.progress('Advise', sites.length, sites.length);
  return advice;
}

function layersOf(model: ObservedModel, site: Site, trials: readonly Trial[]): readonly LayerAdvice[] {
  const measured = measuredOf(trials);
  return site.placements.flatMap(({ consumers }) =>
    consumers.map((consumer): LayerAdvice => {
      const input = statsOf(model, consumer);
      const count = input.min.length;
      const own = Int32Array.from({ length: count }, (_, c) => c);
      const alone = { placement: 'mul', consumers: [{ ...consumer, classes: own }], classes: count } as const;
      const { weight, weightMax } = classRanges(model, {
        ...alone,
        tensor: consumer.layer.node.name,
        reason: null,
      });
      const statistic = rangeStatistic(input, weight);
      return {
        layer: consumer.layer.node.name,
        detector: statistic && summary(statistic),
        measured,
        dead: columnsWhere(count, (c) => !(rangeOf(input, c) > 0) || weightMax[c] === 0),
        outliers: outliersOf(input),
        advised: measured.best - measured.plain >= WORTH.mul,
      };
    }),
  );
}

const summary = ({ share, isRecommended }: RangeStatistic) => ({ share, isRecommended });

function measuredOf(trials: readonly Trial[]): LayerAdvice['measured'] {
  const [none] = trials;
  const best = trials.reduce((a, b) => (b.region > a.region ? b : a), none ?? NOTHING);
  return {
    plain: none?.region ?? Number.NaN,
    best: best.region,
    rule: best.candidate.rule,
    cost: best.candidate.cost,
  };
}

const NOTHING: Trial = {
  candidate: { cost: 'none', rule: '', plans: [] },
  region: Number.NEGATIVE_INFINITY,
  model: null,
};

const rangeOf = ({ min, max }: ChannelRange, c: number): number => (max[c] ?? 0) - (min[c] ?? 0);

const columnsWhere = (count: number, holds: (column: number) => boolean): readonly number[] =>
  Array.from({ length: count }, (_, c) => c).filter(holds);

/** Of the columns that have a range. */
function outliersOf(input: ChannelRange): readonly number[] {
  const ranges = Array.from(input.min, (_, c) => rangeOf(input, c));
  const live = ranges.filter((range) => range > 0 && Number.isFinite(range)).sort((a, b) => a - b);
  const median = live[Math.floor(live.length / 2)] ?? 0;
  return columnsWhere(ranges.length, (c) => (ranges[c] ?? 0) > OUTLIER * median);
}
