import { type Batch, splitBatches } from '../../exec/batches';
import type { Dataset } from '../../formats/dataset';
import { GraphIndex } from '../../graph/graph';
import { type NodeName, nodeName } from '../../graph/ids';
import { type InferredValues, inferValues } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import { inputsOf } from '../../graph/node';
import type { OpCall } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import { axisOf, type Shape } from '../../graph/shape';

/** Elements of a batch's inputs that keep a run's memory small and its progress visible. */
const BATCH_ELEMENTS = 2 ** 20;
const MAX_BATCH = 256;
/** The name that stands for the number of samples while the model is examined. */
const SAMPLES = 'samples';

/** Cuts data into batches: of the model's own size where it is fixed, else as large as memory and progress allow. */
export function batchesOf(model: Model, data: Dataset): readonly Batch[] {
  const fixed = Object.values<Shape>(model.inputShapes)
    .map((shape) => shape?.[0])
    .find((dim) => typeof dim === 'number');
  const elements =
    Object.values(data.arrays).reduce((sum, array) => sum + array.data.length, 0) / data.samples;
  const fitting = Math.min(MAX_BATCH, Math.max(1, Math.floor(BATCH_ELEMENTS / Math.max(1, elements))));
  const bound = typeof fixed === 'number' && !(fixed === 1 && keepsSamplesApart(model));
  return splitBatches(data.arrays, data.labels, data.samples, bound ? fixed : fitting);
}

/**
 * Whether a model that was exported for one sample computes the same for many at once: with axis 0 of every input
 * left open, every value that depends on them still has it, unmixed, as its axis 0. (Then 64 samples are one run
 * instead of 64.) A reshape to a fixed first dimension, a softmax or a LayerNorm over axis 0 says no.
 */
export function keepsSamplesApart(model: Model): boolean {
  const open: Record<NodeName, Shape> = {};
  for (const [name, shape] of Object.entries<Shape>(model.inputShapes))
    open[nodeName(name)] = shape && [SAMPLES, ...shape.slice(1)];
  const inferred = inferValues({ ...model, inputShapes: open });
  const index = new GraphIndex(model.graph);
  const dependent = new Set<NodeName>();
  for (const node of model.graph.nodes) {
    if (node.op !== 'placeholder' && !inputsOf(node).some((input) => dependent.has(input))) continue;
    dependent.add(node.name);
    const call = resolveNode(model, index, node);
    if (node.op === 'output' || call?.op === 'size') continue;
    if (call && !usesSizesPerSample(call, inferred)) return false;
    const shape = inferred.shapes.get(node.name);
    if (shape?.[0] !== SAMPLES || shape.slice(1).includes(SAMPLES)) return false;
    if (call?.op === 'softmax' && axisOf(call.attrs.dim, shape.length) === 0) return false;
    if (call?.op === 'layer_norm' && call.attrs.normalizedShape.length === shape.length) return false;
  }
  return true;
}

/** The number of samples may be a dimension of a shape as it is; nothing may be computed from it. */
function usesSizesPerSample({ op, operands }: OpCall, { sizes }: InferredValues): boolean {
  return operands.every((operand) => {
    if (operand.kind !== 'size') return true;
    const value = sizes.get(operand.node) ?? null;
    const dims = typeof value === 'object' ? value : [value];
    return dims?.every((dim) => typeof dim === 'number' || (op === 'reshape' && dim === SAMPLES)) ?? false;
  });
}
