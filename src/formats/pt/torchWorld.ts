import { FormatError } from '../errors';
import {
  PickleDict,
  PickleFunction,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
  type PickleWorld,
  showPickle,
} from '../pickle/value';
import { NamedObject, StorageRef, StoredTensor } from './storedTensor';
import { REFUSED_DTYPES, STORAGE_TYPES, TORCH_DTYPES } from './torchTypes';

type Fail = (problem: string) => never;

/** What a user can do with a file whose content is Python's. */
export const WAY_OUT =
  "In PyTorch, save the tensors alone with torch.save(model.state_dict(), 'weights.pt'), or write the model with fx_export.py (from the studio's start page).";

const whole = (value: PickleValue | undefined, what: string, fail: Fail): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(`with ${what} ${showPickle(value ?? null)}; a whole number of at least 0 is needed`);

const wholes = (value: PickleValue | undefined, what: string, fail: Fail): readonly number[] =>
  value instanceof PickleTuple || value instanceof PickleList
    ? value.items.map((item) => whole(item, what, fail))
    : fail(`with ${what} ${showPickle(value ?? null)}; a tuple is needed`);

/** `(storage, storage_offset, size, stride, requires_grad, backward_hooks)`; version 3 has the dtype last. */
function rebuildTensor(args: readonly PickleValue[], fail: Fail, dtype: PickleValue | null): StoredTensor {
  const [storage, offset, size, stride] = args;
  if (!(storage instanceof StorageRef)) return fail(`on ${showPickle(storage ?? null)}; a storage is needed`);
  const named = dtype instanceof NamedObject ? dtype.title.replace('torch.', '') : storage.dtype;
  const shape = wholes(size, 'size', fail);
  const strides = wholes(stride, 'stride', fail);
  if (shape.length !== strides.length) fail(`with ${shape.length} sizes and ${strides.length} strides`);
  return new StoredTensor(storage, named, whole(offset, 'storage_offset', fail), shape, strides, false);
}

function rebuildParameter(args: readonly PickleValue[], fail: Fail): StoredTensor {
  const [data] = args;
  return data instanceof StoredTensor
    ? data.asParameter()
    : fail(`on ${showPickle(data ?? null)}; a tensor is needed`);
}

/** `(function, type, args, state)` of a tensor with attributes, which are left out. */
function rebuildFromType(args: readonly PickleValue[], fail: Fail): PickleValue {
  const [rebuild, type, inner] = args;
  if (!(rebuild instanceof PickleFunction) || !(inner instanceof PickleTuple))
    return fail(`with ${showPickle(rebuild ?? null)}`);
  const tensor = rebuild.call(inner.items, fail);
  if (!(tensor instanceof StoredTensor)) return fail(`for ${showPickle(tensor)}; a tensor is needed`);
  return type instanceof PickleFunction && type.name.endsWith('.Parameter') ? tensor.asParameter() : tensor;
}

/** `OrderedDict()`, or of one list of pairs, as old versions of Python write it. */
function dictOf(args: readonly PickleValue[], fail: Fail): PickleDict {
  const dict = new PickleDict();
  const [given] = args;
  if (given instanceof PickleDict) for (const [key, value] of given.entries) dict.entries.set(key, value);
  else if (given !== undefined) {
    if (!(given instanceof PickleList)) return fail(`of ${showPickle(given)}`);
    for (const pair of given.items) {
      if (!(pair instanceof PickleTuple || pair instanceof PickleList)) return fail(`of ${showPickle(pair)}`);
      dict.entries.set(pair.items[0] ?? null, pair.items[1] ?? null);
    }
  }
  return dict;
}

function setOf(args: readonly PickleValue[], fail: Fail): PickleSet {
  const set = new PickleSet();
  const [given] = args;
  if (given instanceof PickleList || given instanceof PickleTuple)
    for (const item of given.items) set.items.push(item);
  else if (given !== undefined) fail(`of ${showPickle(given)}`);
  return set;
}

const FUNCTIONS: Readonly<Record<string, PickleFunction['call']>> = {
  'torch._utils._rebuild_tensor': (args, fail) => rebuildTensor(args, fail, null),
  'torch._utils._rebuild_tensor_v2': (args, fail) => rebuildTensor(args, fail, null),
  'torch._utils._rebuild_tensor_v3': (args, fail) => rebuildTensor(args, fail, args[6] ?? null),
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
  'torch.nn.parameter.Parameter': rebuildParameter,
  'torch.Tensor': (_args, fail) => fail('directly, which builds no tensor of a file'),
  'torch.Size': (args) => args[0] ?? new PickleTuple([]),
  'torch.device': (args) => new NamedObject(`the device ${args.map(showPickle).join(', ')}`),
  'collections.OrderedDict': dictOf,
  'collections.Counter': dictOf,
  'builtins.set': setOf,
  '__builtin__.set': setOf,
};

/** Ways in which PyTorch saves tensors that are not plain arrays. */
const REFUSED_TENSORS: Readonly<Record<string, string>> = {
  'torch._utils._rebuild_qtensor':
    'holds a quantized tensor (torch._utils._rebuild_qtensor). The studio quantizes float models itself: save the float model, from before convert',
  'torch._utils._rebuild_sparse_tensor': 'holds a sparse tensor. Save it with .to_dense()',
  'torch._utils._rebuild_sparse_csr_tensor': 'holds a sparse tensor. Save it with .to_dense()',
  'torch._utils._rebuild_meta_tensor_no_storage':
    'holds a tensor of the meta device, which has no data. Load the weights before saving',
  'torch._utils._rebuild_nested_tensor': 'holds a nested tensor. Save its parts',
};

const STORAGE = /^torch\.(?:storage\.)?(\w+Storage)$/;

/** What `torch.save` writes into a pickle; everything else is refused by name, and nothing is ever run. */
export class TorchWorld implements PickleWorld {
  constructor(private readonly file: string) {}

  find(module: string, name: string): PickleValue {
    const full = `${module}.${name}`;
    const rule = Object.hasOwn(FUNCTIONS, full) ? FUNCTIONS[full] : undefined;
    if (rule) return new PickleFunction(full, rule);
    if (STORAGE_TYPES.has(STORAGE.exec(full)?.[1] ?? '')) return new NamedObject(full);
    if (module === 'torch' && (TORCH_DTYPES.has(name) || REFUSED_DTYPES.has(name)))
      return new NamedObject(full);
    const refused = Object.hasOwn(REFUSED_TENSORS, full) ? REFUSED_TENSORS[full] : undefined;
    if (refused !== undefined) throw new FormatError(this.file, `${refused}.`);
    const title = /^torch\.nn\./.test(full) ? 'is a whole pickled module' : 'holds a Python object';
    throw new FormatError(
      this.file,
      `${title} (class ${full}), which only its own code can rebuild; the studio runs no code from files. ${WAY_OUT}`,
    );
  }

  /** `('storage', type, key, location, count[, view])` (torch/serialization.py, `persistent_id`). */
  persistent(id: PickleValue): PickleValue {
    const fail: Fail = (problem) => {
      throw new FormatError(
        this.file,
        `refers to a storage ${problem}. The file is damaged or of another kind.`,
      );
    };
    const [kind, type, key, , count, view] = id instanceof PickleTuple ? id.items : [];
    if (kind !== 'storage') return fail(`as ${showPickle(kind ?? id)}`);
    const dtype =
      type instanceof NamedObject ? STORAGE_TYPES.get(STORAGE.exec(type.title)?.[1] ?? '') : undefined;
    if (dtype === undefined) return fail(`of type ${showPickle(type ?? null)}`);
    if (typeof key !== 'string' && typeof key !== 'number')
      return fail(`by the key ${showPickle(key ?? null)}`);
    const elements = whole(count, 'the count', fail);
    if (!(view instanceof PickleTuple)) return new StorageRef(String(key), dtype, elements, 0);
    const start = whole(view.items[1], 'the view offset', fail);
    return new StorageRef(String(key), dtype, whole(view.items[2], 'the view size', fail), start);
  }
}
