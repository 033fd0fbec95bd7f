import { type Argument, ref } from '../../graph/node';
import { axisOf } from '../../graph/shape';
import type { GraphReader } from './graphReader';
import type { OnnxNode } from './onnxNode';

/* Ops that move, join, drop, add or pick axes. */

/** The axes of an op: an attribute in old opsets, input `position` in new ones; null where the file has neither. */
export function axesOf(reader: GraphReader, node: OnnxNode, position: number): readonly number[] | null {
  const value = node.optionalInput(position);
  return value ? constantInts(reader, node, value, 'axes') : node.ints('axes');
}

function constantInts(reader: GraphReader, node: OnnxNode, value: string, what: string): readonly number[] {
  if (!reader.constants.has(value))
    node.fail(
      `takes its ${what} from '${value}', which is computed at run time; the studio reads constants.`,
    );
  return reader.constants.numbers(value);
}

const rankOf = (reader: GraphReader, node: OnnxNode, value: string): number =>
  reader.shapeOf(value)?.length ??
  node.fail(`needs the number of axes of '${value}', which the model does not tell.`);

const axisIn = (node: OnnxNode, axis: number, rank: number): number =>
  axisOf(axis, rank) ?? node.fail(`has axis ${axis} for ${rank} axes; ${-rank} to ${rank - 1} are allowed.`);

/** An exchange of two axes is `torch.transpose`, which PyTorch quantizes through; without `perm` all axes turn round. */
export function readTranspose(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const x = ref(reader.operand(value, node.title));
  const stated = node.ints('perm');
  const rank = stated?.length ?? rankOf(reader, node, value);
  const order = stated ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const moved = order.flatMap((axis, i) => (axis === i ? [] : [i]));
  const [a, b] = moved;
  const type = reader.elementType(value);
  if (moved.length === 2 && a !== undefined && b !== undefined && order[a] === b)
    reader.result(node, 'torch.transpose', [x, a, b], type);
  else reader.result(node, 'permute', [x, ...order], type, { op: 'call_method' });
}

export function readConcat(reader: GraphReader, node: OnnxNode): void {
  const operands = node.proto.input.map((value) => ref(reader.operand(value, node.title)));
  reader.result(node, 'torch.cat', [operands, node.int('axis', 0)], reader.elementType(node.input(0)));
}

/** One call an axis, from the first on; the axes are the output's. */
export function readUnsqueeze(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const axes = axesOf(reader, node, 1) ?? node.fail('has no axes.');
  const known = axes.every((axis) => axis >= 0) || axes.length === 1;
  const rank = known ? 0 : rankOf(reader, node, value) + axes.length;
  const dims = known ? axes : axes.map((axis) => axisIn(node, axis, rank));
  oneByOne(
    reader,
    node,
    'torch.unsqueeze',
    dims.toSorted((a, b) => a - b),
  );
}

/** One call an axis, from the last on; all axes of length 1 where none are named. */
export function readSqueeze(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const axes = axesOf(reader, node, 1);
  if (!axes) {
    const x = ref(reader.operand(value, node.title));
    reader.result(node, 'torch.squeeze', [x], reader.elementType(value));
    return;
  }
  const dims = axes.length === 1 ? axes : axes.map((axis) => axisIn(node, axis, rankOf(reader, node, value)));
  oneByOne(
    reader,
    node,
    'torch.squeeze',
    dims.toSorted((a, b) => b - a),
  );
}

function oneByOne(reader: GraphReader, node: OnnxNode, target: string, dims: readonly number[]): void {
  const value = node.input(0);
  let x = reader.operand(value, node.title);
  const [last, ...before] = dims.toReversed();
  if (last === undefined) {
    reader.identity(node, value);
    return;
  }
  for (const dim of before.toReversed()) x = reader.step(node, target, [ref(x), dim]);
  reader.result(node, target, [ref(x), last], reader.elementType(value));
}

const WHOLE: Argument = { slice: [null, null, null] };

/** `x[:, …, part]` along an axis. */
const indexAt = (axis: number, part: Argument): readonly Argument[] => [
  ...new Array<Argument>(axis).fill(WHOLE),
  part,
];

/** Rows of a constant table by an index that is computed; else entries of an axis by constant positions. */
export function readGather(reader: GraphReader, node: OnnxNode): void {
  const [value, index] = [node.input(0), node.input(1)];
  const asked = node.int('axis', 0);
  if (!reader.constants.has(index)) {
    readLookUp(reader, node, asked);
    return;
  }
  const axis = asked >= 0 ? asked : axisIn(node, asked, rankOf(reader, node, value));
  const positions = reader.constants.numbers(index);
  const [first] = positions;
  const isScalar = reader.constants.describe(index)?.shape.length === 0;
  const inRow = first !== undefined && first >= 0 && positions.every((position, i) => position === first + i);
  if (first === undefined || !(isScalar || inRow))
    node.fail(
      `picks the entries [${positions.slice(0, 8).join(', ')}] of axis ${axis}; the studio reads one entry, or several in a row.`,
    );
  const part: Argument = isScalar ? first : { slice: [first, first + positions.length, null] };
  const x = ref(reader.operand(value, node.title));
  reader.result(node, 'operator.getitem', [x, indexAt(axis, part)], reader.elementType(value));
}

function readLookUp(reader: GraphReader, node: OnnxNode, axis: number): void {
  const [table, index] = [node.input(0), node.input(1)];
  const shape = reader.constants.describe(table)?.shape;
  if (axis !== 0 || shape?.length !== 2)
    node.fail(
      `picks entries of axis ${axis} of '${table}' by '${index}', which is computed at run time; the studio reads that for the rows of a constant matrix.`,
    );
  const [indices, weight] = [index, table].map((value) => ref(reader.operand(value, node.title)));
  reader.result(
    node,
    'torch.nn.functional.embedding',
    [indices ?? null, weight ?? null],
    reader.elementType(table),
  );
}

/** From here on a bound means the end of the axis. */
const OPEN_END = 2 ** 31 - 1;

/** Slices with constant bounds and steps forward. Before opset 10 the bounds are attributes. */
export function readSlice(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const list = (name: string, position: number) => {
    const input = node.optionalInput(position);
    return input ? constantInts(reader, node, input, name) : node.ints(name);
  };
  const starts = list('starts', 1) ?? node.fail('has no starts.');
  const ends = list('ends', 2) ?? node.fail('has no ends.');
  const axes = list('axes', 3) ?? starts.map((_, i) => i);
  const steps = list('steps', 4) ?? starts.map(() => 1);
  if (steps.some((step) => step < 1))
    node.fail(`has the steps [${steps.join(', ')}]; the studio reads steps of 1 or more.`);
  const at = axes.map((axis) => (axis >= 0 ? axis : axisIn(node, axis, rankOf(reader, node, value))));
  const index = Array.from({ length: Math.max(...at, 0) + 1 }, (_, axis): Argument => {
    const i = at.indexOf(axis);
    const [start = 0, end = OPEN_END, step = 1] = [starts[i], ends[i], steps[i]];
    return i < 0 ? WHOLE : { slice: [start, end >= OPEN_END ? null : end, step === 1 ? null : step] };
  });
  const x = ref(reader.operand(value, node.title));
  reader.result(node, 'operator.getitem', [x, index], reader.elementType(value));
}

/** One slice an output, of stated sizes or of equal ones. */
export function readSplit(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const outputs = node.proto.output;
  const rank = rankOf(reader, node, value);
  const axis = axisIn(node, node.int('axis', 0), rank);
  const stated = node.optionalInput(1);
  const size = reader.shapeOf(value)?.[axis];
  const sizes = (stated ? constantInts(reader, node, stated, 'sizes') : node.ints('split')) ?? equalParts();
  if (sizes.length !== outputs.length)
    node.fail(`has ${outputs.length} outputs and ${sizes.length} sizes; the numbers must be the same.`);
  const x = ref(reader.operand(value, node.title));
  let start = 0;
  outputs.forEach((output, i) => {
    const end = start + (sizes[i] ?? 0);
    const index = indexAt(axis, { slice: [start, end, null] });
    start = end;
    if (output) reader.result(node, 'operator.getitem', [x, index], reader.elementType(value), { output });
  });

  /** The last one is smaller where it does not come out even. */
  function equalParts(): readonly number[] {
    if (typeof size !== 'number')
      return node.fail(`cuts axis ${axis} of '${value}' into equal parts; its size is not known.`);
    const part = Math.ceil(size / outputs.length);
    return outputs.map((_, i) => Math.min(part, size - part * i));
  }
}
