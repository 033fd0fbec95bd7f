import { GraphError } from '../../graph/errors';
import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { asFloat, type FloatTensor, floatTensor } from '../../graph/tensor';
import type { FilePart } from '../byteSource';
import { encodeParts } from './file/encodeParts';
import { decodeModel } from './file/modelProto';
import { floatProto } from './file/tensorWrite';
import type { OnnxOrigin, ValueOrigin } from './origin';
import { withFolds } from './patch/folds';
import { findEdits, type InsertedMul, type ModelEdits } from './patch/modelEdits';
import { PatchedGraph } from './patch/patchedGraph';
import { patchFolds, withFoldedValues } from './patch/patchFolds';
import { patchParams } from './patch/patchParams';
import { Constants } from './reader/constants';

/**
 * The original ONNX file with the weights of an equalized model and its mul nodes; everything else (names,
 * metadata, opset, element types, unknown fields) stays as it was. A batch normalization that was folded into a layer goes
 * where that layer changed (`patchFolds`).
 *
 * `original` is the float model as read, `current` the float model after equalization, without observers. Throws an
 * `internal:` GraphError for a difference that is no equalization, and a GraphError for a weight that has become too
 * large for the file's FLOAT16. External data comes into the file.
 */
export async function patchOnnx(
  origin: OnnxOrigin,
  original: Model,
  current: Model,
): Promise<readonly FilePart[]> {
  const { base, folds } = withFolds(original, current);
  const edits = findEdits(base, current);
  const { model, graph, deferred } = await decodeModel(origin.source, origin.companions);
  const patched = new PatchedGraph(graph, model.irVersion, deferred);
  const constants = new Constants(graph, origin.source.name, deferred, origin.folded);
  const folded = patchFolds(origin, patched, constants, folds, edits.params, current);
  const others = edits.params.filter((param) => !folded.has(param));
  patchParams(origin, patched, constants, others, current);
  patchMuls(withFoldedValues(origin, folds), patched, edits, current);
  patched.finish();
  return encodeParts(model, deferred);
}

/** Adds one Mul and one scale initializer for each inserted mul, in front of the first node that reads it. */
function patchMuls(origin: OnnxOrigin, patched: PatchedGraph, edits: ModelEdits, current: Model): void {
  const values = new Map<NodeName, ValueOrigin>();
  const positions = mulPositions(origin, edits);
  for (const mul of edits.muls) {
    const input = values.get(mul.input) ?? originOf(origin, mul.input);
    const scale = scaleOf(asFloat(current.params[mul.scale], mul.scale), mul, input.transposed);
    const name = patched.freshName(mul.scale);
    patched.addInitializer(floatProto(name, scale.shape, scale.data, input.elementType));
    const value = patched.freshName(mul.name);
    values.set(mul.name, { ...input, value });
    patched.insertMul(positions.get(mul.name) ?? 0, [input.value, name], value);
  }
  for (const { user, from, to } of edits.rewires) {
    const index = indexOf(origin, user.name);
    const value = values.get(to)?.value ?? '';
    const linear = user.op === 'call_module' ? origin.linears[user.target] : undefined;
    if (linear) patched.node(linear.nodeIndex).input[linear.activationInput] = value;
    else if (!patched.rewire(index, originOf(origin, from).value, value))
      throw new GraphError(`internal: the ONNX node of '${user.name}' does not read '${from}'.`, user.name);
  }
}

/** For each mul the index of the first ONNX node that reads it, directly or through another mul. */
function mulPositions(origin: OnnxOrigin, edits: ModelEdits): ReadonlyMap<NodeName, number> {
  const positions = new Map<NodeName, number>();
  const note = (mul: NodeName, position: number) =>
    positions.set(mul, Math.min(positions.get(mul) ?? position, position));
  for (const { user, to } of edits.rewires) note(to, indexOf(origin, user.name));
  for (const mul of edits.muls.toReversed()) {
    const position = positions.get(mul.name);
    if (position === undefined) throw new GraphError(`internal: nothing reads '${mul.name}'.`, mul.name);
    if (edits.muls.some(({ name }) => name === mul.input)) note(mul.input, position);
  }
  return positions;
}

function indexOf(origin: OnnxOrigin, node: NodeName): number {
  const index = origin.nodes[node];
  if (index === undefined && node === 'output')
    throw new GraphError(
      'PyTorch semantics scales a value that is also an output of the model; a file that says so would give other outputs. Use Exact semantics, or export .safetensors.',
      node,
    );
  if (index === undefined)
    throw new GraphError(`internal: '${node}' is no node of the ONNX file, and reads a scaled value.`, node);
  return index;
}

function originOf(origin: OnnxOrigin, node: NodeName): ValueOrigin {
  const value = origin.values[node];
  if (!value) throw new GraphError(`internal: the ONNX file does not name the value of '${node}'.`, node);
  return value;
}

/** The scale as the file needs it: where the IR's value is a transposed view, its columns are the file's rows. */
function scaleOf(scale: FloatTensor, mul: InsertedMul, ofRows: boolean): FloatTensor {
  if (!ofRows) return scale;
  const [columns = 1, ...others] = scale.shape.toReversed();
  if (others.some((dim) => dim !== 1))
    throw new GraphError(`internal: the scale of '${mul.name}' is not one value per column.`, mul.name);
  return floatTensor([columns, 1], scale.data);
}
