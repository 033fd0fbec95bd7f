import type { ParamName } from '../graph/ids';
import { asFloat, type FloatTensor } from '../graph/tensor';
import type { LayerCall } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { rowsFirst } from '../quant/rowsFirst';
import { layerNodes } from '../quant/weightUse';
import { columnRangeOf, withDividedColumns, withMultipliedRows } from './layerWeight';
import type { Plan } from './plan';
import type { RegionParam } from './regions/channelRegions';
import { type FoldPlacement, type Region, usualPlacements } from './regions/regions';
import { largestOf } from './rules/classRanges';
import { formulaText } from './rules/formula';
import { short } from './rules/scaleRule';
import { type EqualizationScale, factorsOf, type NeutralReason, powerScale, unitScale } from './scale';

const MAX_SWEEPS = 40;
/** Sweeps end when no scale moves by more than this factor. */
const CONVERGED = 1e-3;

/** A layer's weight, and the factor of each of its rows. */
interface Rows extends Pick<RegionParam, 'param' | 'classes'> {
  readonly call: LayerCall;
}

/** A region whose factors the rows of layers can take. */
interface Pair {
  readonly fold: FoldPlacement;
  /** The weights whose rows take them; norms and constants that take them too are not quantized. */
  readonly rows: readonly Rows[];
  /** The product of the scales of all sweeps. */
  scale: EqualizationScale;
}

/**
 * Cross-layer equalization (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction",
 * section 4.1, equations 8 to 11). For a channel with row range `r1 = max|W1_k|` in the layers before and column range
 * `r2 = max|W2_k|` in the layers behind, the rows are multiplied and the columns divided by
 *
 *     s_k = sqrt(r2 / r1)        (the paper divides the rows by sqrt(r1 · r2) / r2, which is the same)
 *
 * so that both end with the range `sqrt(r1 · r2)`. Weights alone count, no data. As a layer's columns and rows belong to
 * two regions, the regions are gone through again until nothing moves. A channel with a dead row or column keeps 1. A
 * region without a layer before its layers is left alone: the method adds no muls. `absorbs`: high biases move to the
 * layers behind as well (`biasAbsorption.ts`).
 */
export function planCrossLayer(
  model: ObservedModel,
  regions: readonly Region[],
  absorbs: boolean,
): readonly Plan[] {
  const layers = new Map(layerNodes(model).map((layer) => [layer.node.name, layer]));
  const pairs = new Map<Region, Pair>();
  for (const region of regions) {
    const rows = region.fold?.params.flatMap(({ node, param, classes }): Rows[] => {
      const call = layers.get(node)?.call;
      return call?.attrs.weight === param ? [{ call, param, classes }] : [];
    });
    if (region.fold && rows && rows.length > 0)
      pairs.set(region, { fold: region.fold, rows, scale: unitScale(region.fold.classes) });
  }
  balance(model, [...pairs.values()]);
  return regions.flatMap((region): readonly Plan[] => {
    const pair = pairs.get(region);
    if (pair) return [planOf(model, pair, absorbs)];
    const skip = { kind: 'no-layer-before' } as const;
    return usualPlacements(region).map((placement) => ({ placement, skip }));
  });
}

/** Sweeps over all pairs with the weights as they are by then. */
function balance(model: ObservedModel, pairs: readonly Pair[]): void {
  const weights = new Map<ParamName, FloatTensor>();
  const weightOf = (param: ParamName) => weights.get(param) ?? asFloat(model.params[param], param);
  for (let sweep = 0, moved = Number.POSITIVE_INFINITY; sweep < MAX_SWEEPS && moved > CONVERGED; sweep++) {
    moved = 0;
    for (const pair of pairs) {
      const step = pairScale(pair, weightOf);
      for (const { call, param, classes } of pair.rows)
        weights.set(param, withMultipliedRows(call, weightOf(param), factorsOf(step.values, classes)));
      for (const { layer, classes } of pair.fold.consumers) {
        const { weight } = layer.call.attrs;
        const factors = factorsOf(step.values, classes);
        weights.set(weight, withDividedColumns(layer.call, weightOf(weight), factors));
      }
      pair.scale = product(pair.scale, step);
      for (const value of step.values) moved = Math.max(moved, Math.abs(Math.log(value)));
    }
  }
}

function pairScale({ fold, rows }: Pair, weightOf: (param: ParamName) => FloatTensor): EqualizationScale {
  const above = columnMax(fold, weightOf);
  const below = rowMax(fold.classes, rows, weightOf);
  return powerScale(
    { value: above, power: 0.5 },
    { value: below, power: 0.5 },
    new Float64Array(fold.classes),
  );
}

function columnMax(
  { classes: count, consumers }: FoldPlacement,
  weightOf: (param: ParamName) => FloatTensor,
): Float32Array {
  const columns = consumers.map(({ layer: { call }, classes }) => ({
    classes,
    range: columnRangeOf(call, weightOf(call.attrs.weight)),
  }));
  return largestOf(count, columns);
}

function rowMax(
  count: number,
  rows: readonly Rows[],
  weightOf: (param: ParamName) => FloatTensor,
): Float32Array {
  const max = new Float32Array(count);
  for (const { call, param, classes } of rows) {
    const { data, shape } = rowsFirst(call, weightOf(param));
    const size = data.length / Math.max(1, shape[0] ?? 1);
    data.forEach((value, i) => {
      const k = classes[Math.floor(i / size)] ?? -1;
      if (k >= 0) max[k] = Math.max(max[k] ?? 0, Math.abs(value));
    });
  }
  return max;
}

/** Scales one after the other: a channel that has no range keeps none, whatever the sweep. */
function product(a: EqualizationScale, b: EqualizationScale): EqualizationScale {
  const reasons = new Map<number, NeutralReason>(b.neutral.map(({ channel, reason }) => [channel, reason]));
  return {
    values: a.values.map((value, k) => value * (b.values[k] ?? 1)),
    neutral: [...reasons].map(([channel, reason]) => ({ channel, reason })),
  };
}

function planOf(model: ObservedModel, { fold, rows, scale }: Pair, absorbs: boolean): Plan {
  const weightOf = (param: ParamName) => asFloat(model.params[param], param);
  const [above, below] = [columnMax(fold, weightOf), rowMax(fold.classes, rows, weightOf)];
  const text = (k: number) => {
    const [column, row] = [above[k] ?? 0, below[k] ?? 0];
    const isFirst = Math.abs(Math.sqrt(column / row) / (scale.values[k] ?? 1) - 1) < 10 * CONVERGED;
    return `sqrt(${short(column)} / ${short(row)})${isFirst ? '' : ', balanced with the layers around,'}`;
  };
  const [first] = fold.consumers;
  const formula = formulaText(scale.values, text, first?.classes);
  return { placement: fold, scale, formula, rule: 'cross-layer', reason: null, absorbs };
}
