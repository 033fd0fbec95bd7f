import type { Model } from '../../graph/model';
import { type DType, sizeOf, type Tensor } from '../../graph/tensor';
import { PickleWriter } from '../pickle/writePickle';
import { type StoredPart, storedZip } from '../zip/writeStored';
import { sharedTensors } from './sharedTensors';

/** Storages start at multiples of this, so that PyTorch can map them (caffe2/serialize/inline_container.h, `kFieldAlignment`). */
const ALIGNMENT = 64;
/** The name of the folder that all members lie in, as `torch.save` to a buffer has it. */
const FOLDER = 'archive';

const STORAGES: { readonly [D in DType]: string } = {
  float32: 'FloatStorage',
  int32: 'IntStorage',
  bool: 'BoolStorage',
};

/**
 * The tensors of a model as `torch.save(model.state_dict(), …)` of PyTorch 1.6 and later writes them: a zip archive with
 * a pickled OrderedDict of tensors in `data.pkl` and one storage a member in `data/`. `torch.load(weights_only=True)`
 * reads it. Names are the model's own; tied tensors share one storage. There is no `_metadata`: `load_state_dict` then
 * takes modules for those of their first version, which fills in what later ones added (`num_batches_tracked`).
 *
 * Tensors that belong to the graph and to no module, such as the scales of inserted muls, are in it under their names.
 */
export function writeStateDict(model: Model): readonly StoredPart[] {
  const storages = sharedTensors(model);
  const members = [...new Set(storages.values())].map((name, key) => ({ name, key }));
  const keys = new Map(members.map(({ name, key }) => [name, key]));
  const keyOf = (name: string): number => keys.get(storages.get(name) ?? name) ?? 0;
  const text = (content: string) => new Uint8Array(new TextEncoder().encode(content));
  return storedZip(
    [
      { name: `${FOLDER}/data.pkl`, bytes: () => pickle(model.params, keyOf) },
      ...members.map(({ name, key }) => ({
        name: `${FOLDER}/data/${key}`,
        bytes: () => bytesOf(tensorOf(model.params, name)),
      })),
      { name: `${FOLDER}/version`, bytes: () => text('3\n') },
    ],
    ALIGNMENT,
  );
}

type Tensors = Readonly<Record<string, Tensor>>;

function tensorOf(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`internal: the model has no tensor '${name}'.`);
  return tensor;
}

/** Little-endian, as typed arrays are on every machine that runs this. */
function bytesOf({ data }: Tensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function pickle(tensors: Tensors, keyOf: (name: string) => number): Uint8Array<ArrayBuffer> {
  const writer = new PickleWriter();
  writer.global('collections', 'OrderedDict').emptyTuple().reduce();
  writer.entries(() => {
    for (const [name, tensor] of Object.entries(tensors)) pickleTensor(writer, name, tensor, keyOf(name));
  });
  return writer.finish();
}

/** `_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)` (torch/_tensor.py). */
function pickleTensor(writer: PickleWriter, name: string, { shape, dtype }: Tensor, key: number): void {
  writer.string(name).global('torch._utils', '_rebuild_tensor_v2');
  writer.tuple(() => {
    writer.tuple(() => {
      writer.string('storage').global('torch', STORAGES[dtype]);
      writer.string(String(key)).string('cpu').integer(sizeOf(shape));
    });
    writer.persistent().integer(0);
    writer.tuple(() => {
      for (const size of shape) writer.integer(size);
    });
    writer.tuple(() => {
      for (const stride of strides(shape)) writer.integer(stride);
    });
    writer.false();
    writer.global('collections', 'OrderedDict').emptyTuple().reduce();
  });
  writer.reduce();
}

/** Of a contiguous tensor; as in PyTorch an axis of no entries counts as one. */
function strides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, size) => product * Math.max(size, 1), 1),
  );
}
