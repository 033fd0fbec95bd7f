import type { LayerDecision } from '../../equalize/decision';
import type { EqualizeResult } from '../../equalize/equalization';
import { axisOneRange, columnRangeOf } from '../../equalize/layerWeight';
import { type Consumer, findRegions, type Placement } from '../../equalize/regions/regions';
import { type ClassRanges, classRanges, largestOf } from '../../equalize/rules/classRanges';
import type { NodeName } from '../../graph/ids';
import { asFloat } from '../../graph/tensor';
import type { ObservedModel } from '../../quant/observer';
import { rowsFirst } from '../../quant/rowsFirst';
import type { Semantics } from '../../quant/semantics';
import { type LayerNode, layerNodes } from '../../quant/weightUse';
import { columnsOf, type WidestColumns, type Width, widestColumns } from './widestColumns';

/** Where a layer's scale comes from. */
export interface ScaleSource {
  readonly layer: LayerNode;
  readonly decision: LayerDecision;
  readonly values: Float32Array;
  /** What is known of its own classes of channels. */
  readonly ranges: () => ClassRanges;
  /** Which columns these ranges are of. */
  readonly widest: (k: number, width: Width) => WidestColumns | null;
  /** The class of each of the layer's channels. */
  readonly classes: Int32Array;
  /** In exact semantics, where the scale went. */
  readonly placement: Placement | null;
  readonly consumer: Consumer | null;
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** The scales that a calibrated model's layers got, by layer. */
export function scaleSources(
  model: ObservedModel,
  result: EqualizeResult,
  semantics: Semantics,
): ReadonlyMap<NodeName, ScaleSource> {
  const decisions = result.decisions.filter(({ decision, scale }) => decision !== 'skip' && scale !== null);
  if (semantics === 'pytorch') return ownSources(model, decisions);
  const byLayer = new Map(decisions.map((decision) => [decision.layer, decision]));
  const found = new Map<NodeName, ScaleSource>();
  for (const { fold, muls } of findRegions(model))
    for (const placement of fold ? [fold, ...muls] : muls) {
      const ranges = once(() => classRanges(model, placement));
      for (const consumer of placement.consumers) {
        const decision = byLayer.get(consumer.layer.node.name);
        if (!decision?.scale || decision.decision !== placement.placement) continue;
        const { layer, classes } = consumer;
        const { values } = decision.scale;
        const columns = once(() => columnsOf(model, placement, layer.node.name));
        const widest: ScaleSource['widest'] = (k, width) => widestColumns(columns(), k, width);
        found.set(layer.node.name, { layer, decision, values, ranges, widest, classes, placement, consumer });
      }
    }
  return found;
}

/** PyTorch's layers have scales of their own, from axis 1 of their weights. */
function ownSources(
  model: ObservedModel,
  decisions: readonly LayerDecision[],
): ReadonlyMap<NodeName, ScaleSource> {
  const layers = new Map(layerNodes(model).map((layer) => [layer.node.name, layer]));
  return new Map(
    decisions.flatMap((decision) => {
      const layer = layers.get(decision.layer);
      const { input, scale } = decision;
      if (!layer || !input || !scale) return [];
      const classes = Int32Array.from(scale.values, (_, c) => c);
      const ranges = once((): ClassRanges => {
        const { weight } = layer.call.attrs;
        const columns = axisOneRange(asFloat(model.params[weight], weight));
        const largest = (range: ClassRanges['input']) => largestOf(classes.length, [{ classes, range }]);
        return {
          input,
          weight: columns,
          inputMax: largest(input),
          weightMax: largest(columns),
          nonFinite: input.nonFinite,
        };
      });
      const source = {
        layer,
        decision,
        values: scale.values,
        ranges,
        widest: (k: number) => ({
          weight: `${layer.call.attrs.weight}[:, ${k}]`,
          input: `x[${k}]`,
          sharing: 1,
        }),
        classes,
        placement: null,
        consumer: null,
      };
      return [[decision.layer, source] as const];
    }),
  );
}

/** `max|W|` of the layer's column and of the rows before it in the finished model, without the scale between them. */
export function balancedRanges(
  { placement, values, classes }: ScaleSource,
  after: ObservedModel,
  layers: ReadonlyMap<NodeName, LayerNode>,
  channel: number,
): { readonly column: number; readonly row: number } | null {
  const k = classes[channel] ?? -1;
  const s = values[channel] ?? 1;
  if (placement?.placement !== 'fold' || k < 0) return null;
  const weightOf = (layer: LayerNode) =>
    asFloat(after.params[layer.call.attrs.weight], layer.call.attrs.weight);
  let [column, row] = [0, 0];
  for (const consumer of placement.consumers) {
    const { min, max } = columnRangeOf(consumer.layer.call, weightOf(consumer.layer));
    consumer.classes.forEach((own, c) => {
      if (own === k) column = Math.max(column, Math.abs(min[c] ?? 0), Math.abs(max[c] ?? 0));
    });
  }
  for (const { node, param, classes: rows } of placement.params) {
    const layer = layers.get(node);
    if (layer?.call.attrs.weight !== param) continue;
    const max = rowMaxima(layer, weightOf(layer));
    rows.forEach((own, r) => {
      if (own === k) row = Math.max(row, max[r] ?? 0);
    });
  }
  return { column: column * s, row: row / s };
}

function rowMaxima({ call }: LayerNode, weight: ReturnType<typeof asFloat>): Float32Array {
  const { data, shape } = rowsFirst(call, weight);
  const rows = shape[0] ?? 0;
  const size = data.length / Math.max(1, rows);
  const max = new Float32Array(rows);
  data.forEach((value, i) => {
    const row = Math.floor(i / size);
    max[row] = Math.max(max[row] ?? 0, Math.abs(value));
  });
  return max;
}
