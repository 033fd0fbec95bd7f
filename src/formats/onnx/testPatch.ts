import { type ModuleName, moduleName, nodeName, paramName, paramOf } from '../../graph/ids';
import { lint } from '../../graph/lint';
import type { Model } from '../../graph/model';
import { type Node, ref, replaceInput } from '../../graph/node';
import { asFloat, type FloatTensor, floatTensor } from '../../graph/tensor';
import { bytesSource, joinedParts } from '../byteSource';
import type { OpenedModel } from '../openedModel';
import { decodeModel } from './file/modelProto';
import type { ModelProto } from './gen/onnx_pb';
import { patchOnnx } from './patch';
import { readOnnx } from './read';
import { type TestGraph, testBytes } from './testModel';
import { relativeError, runOnnx } from './testRuntime';

/* Equalization by hand, for the patcher's tests. */

/** Powers of two, so that what is multiplied in and divided out cancels without rounding. */
export const scaleOf = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => 2 ** ((i % 5) - 2));

export const scaleWeight = (
  weight: FloatTensor,
  factor: (row: number, column: number) => number,
): FloatTensor => {
  const columns = weight.shape[1] ?? 1;
  return floatTensor(
    weight.shape,
    weight.data.map((v, i) => v * factor(Math.floor(i / columns), i % columns)),
  );
};

export const weightOf = (model: Model, module: ModuleName) =>
  asFloat(model.params[paramOf(module, 'weight')], module);

export const withParam = (model: Model, name: string, tensor: FloatTensor): Model => ({
  ...model,
  params: { ...model.params, [name]: tensor },
});

/** Inserts a mul in front of Linear `module` and divides the weight's columns by the scale. */
export function equalizeWithMul(model: Model, module: string): Model {
  const weight = weightOf(model, moduleName(module));
  const scale = scaleOf(weight.shape[1] ?? 0);
  const scaled = withParam(
    model,
    `${module}.weight`,
    scaleWeight(weight, (_, c) => 1 / (scale[c] ?? 1)),
  );
  const at = model.graph.nodes.findIndex((node) => node.op === 'call_module' && node.target === module);
  const linear = model.graph.nodes[at];
  const [input] = linear ? linear.args : [];
  if (!linear || typeof input !== 'object' || input === null || !('node' in input)) throw new Error(module);
  const [attr, mul] = [nodeName(`${linear.name}_scale`), nodeName(`${linear.name}_mul`)];
  const inserted: readonly Node[] = [
    { name: attr, op: 'get_attr', target: paramName(`${linear.name}_scale`), args: [], kwargs: {} },
    { name: mul, op: 'call_function', target: 'torch.mul', args: [ref(input.node), ref(attr)], kwargs: {} },
  ];
  const nodes = model.graph.nodes.toSpliced(at, 1, ...inserted, replaceInput(linear, input.node, mul));
  const changed = {
    ...withParam(scaled, attr, floatTensor(scale.length === 0 ? [] : [scale.length], scale)),
    graph: { nodes },
  };
  lint(changed);
  return changed;
}

/** Multiplies the rows (and bias) of one Linear and divides the columns of the next: a ReLU between does not mind. */
export function fold(model: Model, first: string, second: string): Model {
  const weight = weightOf(model, moduleName(first));
  const scale = scaleOf(weight.shape[0] ?? 0);
  const bias = model.params[paramName(`${first}.bias`)];
  const folded = withParam(
    model,
    `${first}.weight`,
    scaleWeight(weight, (row) => scale[row] ?? 1),
  );
  const next = weightOf(model, moduleName(second));
  const both = withParam(
    folded,
    `${second}.weight`,
    scaleWeight(next, (_, c) => 1 / (scale[c] ?? 1)),
  );
  if (!bias) return both;
  const data = asFloat(bias, first).data.map((value, row) => value * (scale[row] ?? 1));
  return withParam(both, `${first}.bias`, floatTensor(bias.shape, data));
}

export interface Patched {
  readonly opened: OpenedModel;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly model: ModelProto;
}

export async function patch(before: Uint8Array, change: (model: Model) => Model): Promise<Patched> {
  const opened = await readOnnx(bytesSource(before, 'test.onnx'));
  if (!opened.onnx) throw new Error('no origin');
  const after = await joinedParts(await patchOnnx(opened.onnx, opened.model, change(opened.model)));
  return { opened, before, after, model: (await decodeModel(bytesSource(after, 'after.onnx'))).model };
}

export const opTypes = (model: ModelProto) => model.graph?.node.map((node) => node.opType);
export const initializers = (model: ModelProto) => model.graph?.initializer.map((tensor) => tensor.name);

export const one = (
  node: TestGraph['nodes'][number],
  x: readonly number[],
  tensors: TestGraph['initializers'] = [],
): Uint8Array => testBytes({ nodes: [node], inputs: { x }, outputs: ['y'], initializers: tensors });

/** What ONNX Runtime makes of the file after the patch, against before: the largest relative difference. */
export const patchError = async ({ before, after }: Patched, shapes: readonly (readonly number[])[]) =>
  relativeError(await runOnnx(before, shapes), await runOnnx(after, shapes));
