import type { Argument, NodeRef, SliceArgument } from '../../graph/node';
import { UNKNOWN_DIM } from '../../graph/shape';
import type { AtenCall } from './atenCall';
import { type AtenRule, type AtenTable, asFunction, asMethod, passed } from './atenRule';

/* Ops that pick, join, split or reorder axes, and sizes. */

const ALL: SliceArgument = { slice: [null, null, null] };

/** `x[:, …, part]` with the part on one axis, counted from the front. */
const indexed = (axis: number, part: Argument): Argument => [...new Array<Argument>(axis).fill(ALL), part];

/** int64's largest number stands for "to the end"; JSON numbers round it. */
const bound = (value: Argument): Argument =>
  typeof value === 'number' && value >= Number.MAX_SAFE_INTEGER ? null : value;

const slice: AtenRule = (call) => {
  const { at } = call.axis('self', call.number('dim', 0));
  const [start = null, end = null] = [call.argument('start'), call.argument('end')];
  const step = call.number('step', 1);
  if ((start === null || start === 0) && bound(end) === null && step === 1) return passed(call);
  const part: SliceArgument = { slice: [start, bound(end), step] };
  return call.call('operator.getitem', [call.operand('self'), indexed(at, part)]);
};

const select: AtenRule = (call) => {
  const { at } = call.axis('self', call.number('dim'));
  return call.call('operator.getitem', [call.operand('self'), indexed(at, call.number('index'))]);
};

/** Results as slices of the input, each under its name; parts that nothing reads make no node. */
function parts(call: AtenCall, sizes: readonly number[], at: number): null {
  const input = call.operand('self');
  let start = 0;
  call.outputs.forEach((name, i) => {
    const size =
      sizes[i] ?? call.fail(`gives ${call.outputs.length} parts, ${sizes.length} of which have a size`);
    const part = indexed(at, { slice: [start, start + size, null] });
    start += size;
    if (name === null || isUnused(name)) return;
    const node = call.builder.callFunction(name, name, 'operator.getitem', [input, part]);
    call.give(i, node);
  });
  return null;
}

/** torch/_export/serde/serialize.py, `_output_node_name_at_index`: results that nothing reads are called so. */
const isUnused = (name: string): boolean => /_unused_\d+$/.test(name);

/** Each part is a node. */
const MAX_PARTS = 2 ** 16;

/** Sizes of equal parts, the last one smaller where they do not come out even. */
function equalParts(call: AtenCall, dim: number, partOf: (size: number) => number): null {
  const { at, size } = call.axis('self', dim);
  if (typeof size !== 'number')
    return call.fail(`splits an axis of the open size ${size}; export the model with a fixed one`);
  const part = partOf(size);
  const count = Math.max(1, Math.ceil(size / part));
  if (count > MAX_PARTS)
    return call.fail(`cuts ${size} entries into ${count} parts; at most ${MAX_PARTS} can be`);
  return parts(
    call,
    Array.from({ length: count }, (_, i) => Math.min(part, size - i * part)),
    at,
  );
}

const split: AtenRule = (call) => equalParts(call, call.number('dim', 0), () => call.number('split_size'));
const chunk: AtenRule = (call) => {
  const chunks = call.number('chunks');
  return equalParts(call, call.number('dim', 0), (size) => Math.ceil(size / chunks));
};
const splitWithSizes: AtenRule = (call) =>
  parts(call, call.numbers('split_sizes'), call.axis('self', call.number('dim', 0)).at);

const unbind: AtenRule = (call) => {
  const { at } = call.axis('self', call.number('dim', 0));
  const input = call.operand('self');
  call.outputs.forEach((name, i) => {
    if (name === null || isUnused(name)) return;
    call.give(i, call.builder.callFunction(name, name, 'operator.getitem', [input, indexed(at, i)]));
  });
  return null;
};

/** Of a weight with two axes, nothing yet: a product with it may be a Linear. */
const transposedParam = (call: AtenCall): boolean => {
  const param = call.param('self');
  const [name] = call.outputs;
  if (param === null || typeof name !== 'string') return false;
  if (call.builder.params[param]?.shape.length !== 2) return false;
  call.builder.bind(name, { kind: 'param', param, transposed: true });
  return true;
};

const swaps = (dims: readonly number[]): boolean => [...dims].map((dim) => (dim + 2) % 2).join() === '1,0';

const transpose: AtenRule = (call) => {
  const dims = [call.number('dim0'), call.number('dim1')];
  const isSwap =
    dims
      .map((dim) => (dim + 2) % 2)
      .sort()
      .join() === '0,1';
  if (isSwap && transposedParam(call)) return null;
  return call.call('torch.transpose', [call.operand('self'), ...dims]);
};

const matrixTranspose: AtenRule = (call) => {
  if (transposedParam(call)) return null;
  return call.call('torch.transpose', [call.operand('self'), 0, 1]);
};

const permute: AtenRule = (call) => {
  const dims = call.numbers('dims');
  if (dims.length === 2 && swaps(dims) && transposedParam(call)) return null;
  return call.call('torch.permute', [call.operand('self'), dims]);
};

/** True when the file states one shape, without open dimensions of unknown size, for the input and the result. */
function keepsShape(call: AtenCall): boolean {
  const [name] = call.outputs;
  const [before, after] = [
    call.shapeOf('self'),
    typeof name === 'string' ? call.builder.shapeOf(name) : null,
  ];
  if (!before || !after || before.includes(UNKNOWN_DIM)) return false;
  return before.length === after.length && before.every((dim, at) => dim === after[at]);
}

/** `stride` says how the result lies in memory, which makes no difference to what it holds. */
const reshape =
  (size: string): AtenRule =>
  (call) => {
    call.ignore('stride', size);
    return keepsShape(call) ? passed(call) : asFunction('torch.reshape', ['self', size])(call);
  };

const expand: AtenRule = (call) => {
  call.ignore('implicit', 'size');
  return keepsShape(call) ? passed(call) : asMethod('expand', ['self', 'size'])(call);
};

const squeeze: AtenRule = (call) => {
  const dims = call.numbers('dim', []);
  return call.call(
    'torch.squeeze',
    dims.length === 0
      ? [call.operand('self')]
      : [call.operand('self'), dims.length === 1 ? (dims[0] ?? 0) : dims],
  );
};

const stack: AtenRule = (call) =>
  call.call('torch.stack', [call.argument('tensors') ?? null, call.number('dim', 0)]);
const cat: AtenRule = (call) =>
  call.call('torch.cat', [call.argument('tensors') ?? null, call.number('dim', 0)]);

const flatten: AtenRule = (call) =>
  call.call('torch.flatten', [call.operand('self'), call.number('start_dim', 0), call.number('end_dim', -1)]);

/** A dimension of a tensor, a number at run time. */
const symSize: AtenRule = (call) =>
  call.builder.callMethod(call.name, call.name, 'size', [call.operand('self'), call.number('dim')]);

export const ATEN_SHAPES: AtenTable = {
  'view.default': reshape('size'),
  '_unsafe_view.default': reshape('size'),
  'reshape.default': reshape('shape'),
  'view_copy.default': reshape('size'),
  '_reshape_alias.default': reshape('size'),
  'flatten.using_ints': flatten,
  'unflatten.int': asMethod('unflatten', ['self', 'dim', 'sizes']),
  'permute.default': permute,
  'transpose.int': transpose,
  't.default': matrixTranspose,
  'numpy_T.default': matrixTranspose,
  'unsqueeze.default': asFunction('torch.unsqueeze', ['self', 'dim']),
  'squeeze.default': squeeze,
  'squeeze.dim': squeeze,
  'squeeze.dims': squeeze,
  'expand.default': expand,
  'expand_as.default': asMethod('expand_as', ['self', 'other']),
  'repeat.default': asMethod('repeat', ['self', 'repeats']),
  'repeat_interleave.self_int': asFunction('torch.repeat_interleave', ['self', 'repeats', 'dim']),
  'cat.default': cat,
  'stack.default': stack,
  'slice.Tensor': slice,
  'select.int': select,
  'split.Tensor': split,
  'split_with_sizes.default': splitWithSizes,
  'chunk.default': chunk,
  'unbind.int': unbind,
  'index_select.default': asFunction('torch.index_select', ['self', 'dim', 'index']),
  'gather.default': asFunction('torch.gather', ['self', 'dim', 'index']),
  'index.Tensor': asFunction('operator.getitem', ['self', 'indices']),
  'flip.default': asFunction('torch.flip', ['self', 'dims']),
  'roll.default': asFunction('torch.roll', ['self', 'shifts', 'dims']),
  'sym_size.int': symSize,
};

/** Python's operators on sizes, by the names that the exporter gives them; each takes its arguments as they come. */
export const SIZE_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['_operator.add', 'operator.add'],
  ['_operator.sub', 'operator.sub'],
  ['_operator.mul', 'operator.mul'],
  ['_operator.floordiv', 'operator.floordiv'],
  ['_operator.mod', 'operator.mod'],
  ['_operator.truediv', 'operator.truediv'],
  ['_operator.pow', 'operator.pow'],
]);

export const sizeOperator = (call: AtenCall, target: string, names: readonly string[]): NodeRef =>
  call.call(
    target,
    names.map((name) => call.operand(name)),
  );
