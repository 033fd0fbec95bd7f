import { type Argument, ref } from '../../../graph/node';
import { axisOf } from '../../../graph/shape';
import { sizesOf } from '../folding/foldSizes';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { type ExtentArgument, extentArgument, extentArguments } from './extents';
import { leadingAxis } from './leadingAxis';

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

/** Rows of a constant table by an index that is computed; else entries of an axis, by constant positions or an index. */
export function readGather(reader: GraphReader, node: OnnxNode): void {
  const [value, index] = [node.input(0), node.input(1)];
  const asked = node.int('axis', 0);
  if (isLookUp(reader, value, index, asked)) {
    const [indices, weight] = [index, value].map((name) => ref(reader.operand(name, node.title)));
    const args = [indices ?? null, weight ?? null];
    reader.result(node, 'torch.nn.functional.embedding', args, reader.elementType(value));
    return;
  }
  const axis = asked >= 0 ? leadingAxis(node, asked) : axisIn(node, asked, rankOf(reader, node, value));
  const x = ref(reader.operand(value, node.title));
  const args = [x, indexAt(axis, gatherPart(reader, node, index))];
  reader.result(node, 'operator.getitem', args, reader.elementType(value));
}

/** One place, places in a row, a list of places, or a tensor of any shape. */
function gatherPart(reader: GraphReader, node: OnnxNode, index: string): Argument {
  const sizes = sizesOf(reader, index);
  if (sizes?.isScalar && sizes.sizes[0]) return extentArgument(reader, node, sizes.sizes[0], 'index');
  const shape = reader.constants.describe(index)?.shape;
  if (shape?.length !== 1) return ref(reader.operand(index, node.title));
  const positions = reader.constants.numbers(index);
  const [first] = positions;
  const inRow = first !== undefined && first >= 0 && positions.every((position, i) => position === first + i);
  if (first !== undefined && inRow) return { slice: [first, first + positions.length, null] };
  return positions;
}

/** What `F.embedding` does: it takes rows of a matrix of floats, and its indices do not count from the end. */
function isLookUp(reader: GraphReader, table: string, index: string, axis: number): boolean {
  const shape = reader.constants.describe(table)?.shape;
  return !reader.constants.has(index) && axis === 0 && shape?.length === 2 && reader.isFloat(table);
}

/** From here on a bound means the end of the axis. */
const OPEN_END = 2 ** 31 - 1;

interface SliceInputs {
  readonly starts: readonly ExtentArgument[];
  readonly ends: readonly ExtentArgument[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

function sliceInputs(reader: GraphReader, node: OnnxNode): SliceInputs {
  const list = (name: string, position: number) => {
    const input = node.optionalInput(position);
    return input ? constantInts(reader, node, input, name) : node.ints(name);
  };
  const bounds = (name: string, position: number): readonly ExtentArgument[] => {
    const input = node.optionalInput(position);
    return (
      (input ? extentArguments(reader, node, input, name) : node.ints(name)) ?? node.fail(`has no ${name}.`)
    );
  };
  const starts = bounds('starts', 1);
  const axes = list('axes', 3) ?? starts.map((_, i) => i);
  return {
    starts,
    ends: bounds('ends', 2),
    axes: axes.map((axis) =>
      axis >= 0 ? leadingAxis(node, axis) : axisIn(node, axis, rankOf(reader, node, node.input(0))),
    ),
    steps: list('steps', 4) ?? starts.map(() => 1),
  };
}

/** Slices, of which those backwards are slices of the flipped tensor. Before opset 10 the bounds are attributes. */
export function readSlice(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const { starts, ends, axes, steps } = sliceInputs(reader, node);
  if (steps.includes(0)) node.fail('has a step of 0.');
  const index = Array.from({ length: Math.max(...axes, 0) + 1 }, (_, axis): Argument => {
    const i = axes.indexOf(axis);
    return i < 0 ? WHOLE : slicePart(node, starts[i] ?? 0, ends[i] ?? OPEN_END, steps[i] ?? 1);
  });
  const x = ref(reader.operand(value, node.title));
  const turned = axes.filter((_, i) => (steps[i] ?? 1) < 0);
  const from = turned.length > 0 ? ref(reader.step(node, 'torch.flip', [x, turned])) : x;
  reader.result(node, 'operator.getitem', [from, index], reader.elementType(value));
}

function slicePart(node: OnnxNode, start: ExtentArgument, end: ExtentArgument, step: number): Argument {
  const by = step === 1 ? null : Math.abs(step);
  if (step > 0) {
    const isOpen = typeof end === 'number' && end >= OPEN_END;
    // Beyond both ends PyTorch cuts off as ONNX does, but for numbers that 64 bits do not hold.
    return {
      slice: [typeof start === 'number' ? Math.max(start, -OPEN_END) : start, isOpen ? null : end, by],
    };
  }
  if (typeof start !== 'number' || typeof end !== 'number')
    return node.fail('goes backwards from a bound that is open; the studio reads constant bounds there.');
  // Place i of the flipped axis is place −1 − i of the axis.
  const turned = (bound: number) => -1 - bound;
  return { slice: [start >= OPEN_END ? null : turned(start), end <= -OPEN_END ? null : turned(end), by] };
}

/** One node, and a part of it for each output: parts of stated sizes, or of equal ones. */
export function readSplit(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const outputs = node.proto.output;
  const asked = node.int('axis', 0);
  const rank = reader.shapeOf(value)?.length;
  const axis = rank === undefined ? asked : axisIn(node, asked, rank);
  const stated = node.optionalInput(1);
  const sizes = stated ? constantInts(reader, node, stated, 'sizes') : node.ints('split');
  if (sizes && sizes.length !== outputs.length)
    node.fail(`has ${outputs.length} outputs and ${sizes.length} sizes; the numbers must be the same.`);
  const x = ref(reader.operand(value, node.title));
  const parts = sizes
    ? reader.step(node, 'torch.split', [x, sizes, axis])
    : reader.step(node, 'torch.chunk', [x, outputs.length, axis]);
  outputs.forEach((output, i) => {
    if (output)
      reader.result(node, 'operator.getitem', [ref(parts), i], reader.elementType(value), { output });
  });
}
