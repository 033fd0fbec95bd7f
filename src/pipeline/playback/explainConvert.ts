import { constantBehind } from '../../graph/constantBehind';
import { GraphIndex } from '../../graph/graph';
import { moduleName, type NodeName, type ParamName, paramOf } from '../../graph/ids';
import type { Node } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import { asFloat, type FloatTensor } from '../../graph/tensor';
import { isLayerCall, type LayerCall } from '../../quant/layerAxes';
import { type ObservedModel, type Observer, observerQParams, observerState } from '../../quant/observer';
import { weightObserverOf } from '../../quant/qconfigMapping';
import { type QParams, roundHalfToEven } from '../../quant/qparams';
import { weightAxis } from '../../quant/quantizeWeight';
import { isQuantizedDType, QUANTIZED_RANGE } from '../../quant/spec';
import {
  emptyWeightObserver,
  observedQParams,
  observeWeight,
  type WeightObserverState,
  weightRanges,
} from '../../quant/weightObserver';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { clamp, type Expression, formula, minus, over, plus, round, times } from './expression';
import type { Phase } from './phases';
import type { Formula } from './playbackViews';
import { observerFormulas, observerWords, rangeFormulas } from './qparamsFormulas';

/** The level of a value on a grid, as the quantize ops compute it, and what it stands for. */
function levelOf(value: number, { scale, zeroPoint }: QParams, dtype: string): number {
  const [low, high] = isQuantizedDType(dtype) ? QUANTIZED_RANGE[dtype] : [-128, 127];
  const level = roundHalfToEven(Math.fround(value * Math.fround(1 / scale))) + zeroPoint;
  return Math.min(Math.max(level, low), high);
}

function levelExpression(value: number, { scale, zeroPoint }: QParams, dtype: string): Expression {
  const [low, high] = isQuantizedDType(dtype) ? QUANTIZED_RANGE[dtype] : [-128, 127];
  return clamp(plus(round(over(value, scale)), zeroPoint), low, high);
}

const quantizeSymbols = (value: string, dtype: string): string => {
  const [low, high] = isQuantizedDType(dtype) ? QUANTIZED_RANGE[dtype] : [-128, 127];
  return `clamp(round(${value} / scale) + zero_point, ${low}, ${high})`;
};

/** A value halfway between two levels is no example: float32 decides it, which the printed digits do not show. */
const isClear = (value: number, { scale }: QParams): boolean =>
  Math.abs((Math.abs(value / scale) % 1) - 0.5) > 0.01;

/** A value to its grid and back. */
function gridFormulas(name: string, value: number, qparams: QParams, dtype: string): readonly Formula[] {
  const level = levelOf(value, qparams, dtype);
  const back = times(minus(level, qparams.zeroPoint), qparams.scale);
  return [
    formula(`q(${name})`, quantizeSymbols(name, dtype), levelExpression(value, qparams, dtype), level),
    formula(
      `dequantize(q(${name}))`,
      '(q − zero_point) · scale',
      back,
      Math.fround((level - qparams.zeroPoint) * qparams.scale),
    ),
  ];
}

/** The four nodes that take an observer's place; `next` is the observer. */
export function explainGridNode(
  model: ObservedModel,
  { node, next }: ChangeOfKind<'insert'>,
  part: number | null,
): Explained {
  const index = new GraphIndex(model.graph);
  const observed = next === null ? undefined : index.find(next);
  if (observed?.op !== 'call_module') return NOTHING;
  const observer = observerState(model, observed.target);
  if (observer) return activationGrid(node, observer, observed.name);
  const state = model.weightObservers[observed.target];
  const param = constantBehind(model, index, observed.name);
  if (!state || param === null) return NOTHING;
  const weight = asFloat(model.params[param], param);
  return weightGrid(observeWeight(state, weight), weight, param, part);
}

function activationGrid(node: Node, observer: Observer, name: NodeName): Explained {
  const qparams = observerQParams(observer);
  const { dtype } = observer.spec;
  const largest = Number.isFinite(observer.max) ? observer.max : qparams.scale;
  if (node.op === 'get_attr') {
    const why =
      observer.kind === 'fixed'
        ? observerWords(observer)
        : `It comes from the range that ${name} saw. ${observerWords(observer)}`;
    return { ...NOTHING, why, formulas: observerFormulas(observer) };
  }
  const formulas = gridFormulas('x', largest, qparams, dtype);
  return node.op === 'call_method'
    ? {
        ...NOTHING,
        why: 'Levels become floats again for the op behind: they stay on the grid.',
        formulas: formulas.slice(1),
      }
    : {
        ...NOTHING,
        why: 'Every value goes to the nearest level of the grid; shown for the largest value that calibration saw.',
        formulas: formulas.slice(0, 1),
      };
}

/** Of the row with the largest value, or of the one that was chosen. */
function weightGrid(
  state: WeightObserverState,
  weight: FloatTensor,
  name: string,
  part: number | null,
): Explained {
  const axis = weightAxis(state);
  const qparams = observedQParams(state);
  const { min, max } = weightRanges(state);
  const { data, shape } = weight;
  const inner = shape.slice((axis ?? -1) + 1).reduce((size, length) => size * length, 1);
  const sliceOf = (i: number) => (axis === null ? 0 : Math.floor(i / inner) % qparams.length);
  let largest = -1;
  data.forEach((value, i) => {
    if (part !== null && axis !== null && sliceOf(i) !== part) return;
    const own = qparams[sliceOf(i)];
    if (own && !isClear(value, own)) return;
    if (largest < 0 || Math.abs(value) > Math.abs(data[largest] ?? 0)) largest = i;
  });
  if (largest < 0) return NOTHING;
  const slice = sliceOf(largest);
  const own = qparams[slice] ?? { scale: 1, zeroPoint: 0 };
  const range = { min: min[slice] ?? 0, max: max[slice] ?? 0 };
  const at = axis === null ? '' : `[${slice}]`;
  return {
    why:
      axis === null
        ? 'One grid holds the whole weight; shown for its largest value.'
        : `Every slice along axis ${axis} has a grid of its own; shown for the largest value of slice ${slice}.`,
    formulas: [
      ...rangeFormulas(range, state.spec, own, at),
      ...gridFormulas(
        `${name}[${placeOf(largest, shape).join(', ')}]`,
        data[largest] ?? 0,
        own,
        state.spec.dtype,
      ),
    ],
    choice: axis === null ? null : { what: 'row', count: qparams.length, chosen: slice },
  };
}

function placeOf(index: number, shape: readonly number[]): readonly number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((length) => {
      const place = rest % length;
      rest = Math.floor(rest / length);
      return place;
    })
    .reverse();
}

/** A layer's module becomes the reference one: its weight goes to the grid when it runs. */
export function explainReference(
  model: ObservedModel,
  { nodes }: ChangeOfKind<'rescale'>,
  part: number | null,
): Explained {
  const index = new GraphIndex(model.graph);
  const node = nodes[0] && index.find(nodes[0]);
  const call: LayerCall | null = layerCall(model, index, node);
  const observer = node && weightObserverOf(model.qconfigs, model, node);
  if (!call || !observer) return NOTHING;
  const { weight } = call.attrs;
  const tensor = asFloat(model.params[weight], weight);
  return weightGrid(observeWeight(emptyWeightObserver(observer), tensor), tensor, weight, part);
}

function layerCall(model: ObservedModel, index: GraphIndex, node: Node | undefined): LayerCall | null {
  const call = node ? resolveNode(model, index, node) : null;
  return isLayerCall(call) ? call : null;
}

/** A module becomes quantized: its weight stays on its grid, its output goes to the one behind it. */
export function explainQuantized({ before, after }: Phase, { nodes }: ChangeOfKind<'rescale'>): Explained {
  const node = after.graph.nodes.find(({ name }) => name === nodes[0]);
  if (node?.op !== 'call_module') return NOTHING;
  const { scale, zero_point: zeroPoint } = after.modules[node.target]?.attrs ?? {};
  const grid =
    typeof scale === 'number'
      ? ` Its output is written with scale ${Number(scale.toPrecision(4))}, zero point ${zeroPoint}.`
      : '';
  return {
    ...NOTHING,
    why: `It computes on int8 without a detour through float.${grid}`,
    formulas: storedWeight({ before, after }, node.name, paramOf(node.target, 'weight')),
  };
}

/** A functional layer's weight is packed. */
export function explainPacked({ before, after }: Phase, { node }: ChangeOfKind<'insert'>): Explained {
  if (node.op !== 'get_attr') return NOTHING;
  const weight = after.params[paramOf(moduleName(node.target), 'weight')];
  if (!weight) return NOTHING;
  const { data } = asFloat(weight, node.target);
  const scales = after.params[paramOf(moduleName(node.target), 'weight_scale')];
  const count = scales?.data.length ?? 1;
  return {
    ...NOTHING,
    why: `${data.length} values, each one byte and ${count === 1 ? 'one scale for all' : `one of ${count} scales`}: packed once, before the model runs. ${before.name} has them as float32, four bytes each.`,
  };
}

/** The largest value of a quantized module's weight, from the float one. */
function storedWeight({ before, after }: Pick<Phase, 'before' | 'after'>, name: NodeName, stored: ParamName) {
  const index = new GraphIndex(before.graph);
  const node = index.find(name);
  const call = node ? resolveNode(before, index, node) : null;
  const grid = isLayerCall(call) ? call.attrs.weightGrid : null;
  if (!isLayerCall(call) || !grid || !after.params[stored]) return [];
  const float = asFloat(before.params[call.attrs.weight], call.attrs.weight);
  const value = asFloat(after.params[stored], stored).data;
  const scales = asFloat(before.params[grid.scale], grid.scale).data;
  const inner = float.shape.slice((grid.axis ?? -1) + 1).reduce((size, length) => size * length, 1);
  const sliceOf = (i: number) => (grid.axis === null ? 0 : Math.floor(i / inner) % scales.length);
  let largest = -1;
  float.data.forEach((w, i) => {
    const isLarger = largest < 0 || Math.abs(w) > Math.abs(float.data[largest] ?? 0);
    if (isLarger && isClear(w, { scale: scales[sliceOf(i)] ?? 1, zeroPoint: 0 })) largest = i;
  });
  if (largest < 0) return [];
  const slice = sliceOf(largest);
  const zeroPoint = before.params[grid.zeroPoint]?.data[slice] ?? 0;
  const qparams = { scale: scales[slice] ?? 1, zeroPoint };
  const w = float.data[largest] ?? 0;
  const expression = times(minus(levelExpression(w, qparams, grid.dtype), zeroPoint), qparams.scale);
  const label = `${stored}[${placeOf(largest, float.shape).join(', ')}]`;
  const symbols = `(${quantizeSymbols('W', grid.dtype)} − zero_point) · scale`;
  return [formula(label, symbols, expression, value[largest] ?? 0)];
}
