import { asFloat, type FloatTensor, floatTensor } from '../../../graph/tensor';
import { scaled } from '../matrix';
import type { LinearOrigin } from '../origin';
import type { GraphReader } from '../reader/graphReader';
import { type OnnxNode, qualifiedOp } from '../reader/onnxNode';

/* Biases of layers, which may stand in a node of their own. */

/** A constant's values as float32; the caller has checked its type. */
export const constantFloats = (reader: GraphReader, value: string): FloatTensor =>
  asFloat(reader.constants.tensor(value), value);

/** A bias of one value per output; a single value is spread over all of them. */
export function biasVector(
  reader: GraphReader,
  value: string,
  outFeatures: number,
  factor: number,
): FloatTensor {
  const { data } = scaled(constantFloats(reader, value), factor);
  return floatTensor(
    [outFeatures],
    data.length === 1 ? new Float32Array(outFeatures).fill(data[0] ?? 0) : data,
  );
}

/**
 * True when adding a constant of this shape to `[…, outFeatures]` (or `[…, outFeatures, 1]`, where `axis` is 2, and so on)
 * adds one value per output feature and leaves the rank alone.
 */
export function fitsBias(
  shape: readonly number[],
  outFeatures: number,
  axis: number,
  maxRank: number,
): boolean {
  if (shape.length > maxRank) return false;
  const others = shape.toSpliced(shape.length - axis, 1);
  if (shape.every((dim) => dim === 1)) return true;
  return shape.at(-axis) === outFeatures && others.every((dim) => dim === 1);
}

/**
 * The Add that follows a product and adds a bias, along an axis counted from the end: the product's only reader, with a constant that fits. Where the
 * activation's rank is not known, only a bias that cannot raise the rank is taken in.
 */
export function followingAdd(
  reader: GraphReader,
  node: OnnxNode,
  outFeatures: number,
  axis: number,
  rank: number = axis,
): { readonly value: string; readonly bias: NonNullable<LinearOrigin['bias']> } | null {
  if (!reader.isReadOnce(node.output)) return null;
  const index = reader.graph.node.findIndex(({ input }, i) => i > node.index && input.includes(node.output));
  const add = reader.graph.node[index];
  const value = add?.output[0];
  if (!add || !value || qualifiedOp(add) !== 'Add' || add.input.length !== 2) return null;
  const input = add.input[0] === node.output ? 1 : 0;
  const initializer = add.input[input] ?? '';
  const shape = reader.constants.describe(initializer)?.shape;
  if (!shape || !reader.isFloat(initializer) || !fitsBias(shape, outFeatures, axis, rank)) return null;
  return { value, bias: { nodeIndex: index, input, initializer } };
}
