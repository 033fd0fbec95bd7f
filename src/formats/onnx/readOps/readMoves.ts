import { type Argument, ref } from '../../../graph/node';
import { ELEMENT } from '../file/elementTypes';
import { readNumbers } from '../file/tensorProto';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { type ExtentArgument, extentArguments } from './extents';

/* Ops that repeat, pad, pick and rearrange. */

const operand = (reader: GraphReader, node: OnnxNode, position = 0) =>
  ref(reader.operand(node.input(position), node.title));

const rankOf = (reader: GraphReader, node: OnnxNode, value: string): number =>
  reader.shapeOf(value)?.length ??
  node.fail(`needs the number of axes of '${value}', which the model does not tell.`);

/** ONNX broadcasts both ways; `x.expand` keeps an axis with -1, where the file says 1. */
export function readExpand(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const asked = extentArguments(reader, node, node.input(1), 'shape');
  const shape = reader.shapeOf(value);
  const own = shape ?? asked.map(() => null);
  const added = Math.max(0, own.length - asked.length);
  const sizes = [...new Array<number>(added).fill(1), ...asked].map((size, i, all): Argument => {
    const at = i - (all.length - own.length);
    if (at < 0) return size;
    const dim = own[at];
    return size === 1 || (typeof dim === 'number' && dim !== 1) ? -1 : size;
  });
  const args = [operand(reader, node), ...sizes];
  reader.result(node, 'expand', args, reader.elementType(value), { op: 'call_method' });
}

/** From opset 6 on a number for each axis. */
export function readTile(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const times = extentArguments(reader, node, node.input(1), 'repeats');
  const args = [operand(reader, node), ...times];
  reader.result(node, 'repeat', args, reader.elementType(value), { op: 'call_method' });
}

export function readGatherElements(reader: GraphReader, node: OnnxNode): void {
  const args = [operand(reader, node), node.int('axis', 0), operand(reader, node, 1)];
  reader.result(node, 'torch.gather', args, reader.elementType(node.input(0)));
}

const PAD_MODES: ReadonlyMap<string, string> = new Map([
  ['constant', 'constant'],
  ['reflect', 'reflect'],
  ['edge', 'replicate'],
  ['wrap', 'circular'],
]);

/** All that comes before the axes, then all that comes behind, of all axes or of some (opset 18). */
export function readPad(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const word = node.text('mode', 'constant');
  const mode =
    PAD_MODES.get(word) ?? node.fail(`has mode '${word}'; ${[...PAD_MODES.keys()].join(', ')} are known.`);
  const stated = node.optionalInput(1);
  const sides: readonly ExtentArgument[] = stated
    ? extentArguments(reader, node, stated, 'pads')
    : (node.ints('pads') ?? node.ints('paddings') ?? node.fail('has no pads.'));
  const half = sides.length / 2;
  const axes = padAxes(reader, node, half);
  const first = Math.min(...axes, reader.shapeOf(value)?.length ?? half);
  const rank = reader.shapeOf(value)?.length ?? half;
  // The last axis first, as far as one is padded.
  const pads = Array.from({ length: rank - first }, (_, i) => rank - 1 - i).flatMap((axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [sides[at] ?? 0, sides[half + at] ?? 0];
  });
  while (pads.length > 2 && pads.at(-1) === 0 && pads.at(-2) === 0) pads.splice(-2);
  const filler = padValue(reader, node);
  const args: readonly Argument[] = [
    operand(reader, node),
    pads,
    mode,
    ...(mode === 'constant' ? [filler] : []),
  ];
  reader.result(node, 'torch.nn.functional.pad', args, reader.elementType(value));
}

function padAxes(reader: GraphReader, node: OnnxNode, count: number): readonly number[] {
  const stated = node.optionalInput(3);
  if (!stated) return Array.from({ length: count }, (_, axis) => axis);
  if (!reader.constants.has(stated))
    return node.fail(`takes its axes from '${stated}'; the studio reads constants.`);
  const axes = reader.constants.numbers(stated);
  const rank = axes.some((axis) => axis < 0) ? rankOf(reader, node, node.input(0)) : 0;
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

function padValue(reader: GraphReader, node: OnnxNode): number {
  const stated = node.optionalInput(2);
  if (!stated) return node.float('value', 0);
  if (!reader.constants.has(stated))
    return node.fail(`pads with '${stated}', which is computed at run time; the studio reads a constant.`);
  return reader.constants.numbers(stated)[0] ?? 0;
}

export function readTrilu(reader: GraphReader, node: OnnxNode): void {
  const k = node.optionalInput(1);
  if (k && !reader.constants.has(k))
    node.fail(`takes its diagonal from '${k}', which is computed at run time; the studio reads a constant.`);
  const diagonal = k ? (reader.constants.numbers(k)[0] ?? 0) : 0;
  const target = node.int('upper', 1) !== 0 ? 'torch.triu' : 'torch.tril';
  reader.result(node, target, [operand(reader, node), diagonal], reader.elementType(node.input(0)));
}

/** `CRD` is PyTorch's pixel_shuffle; in `DCR` the places of a block stand in front of the channels. */
/** Their order is a list in the graph. */
const MAX_CHANNELS = 2 ** 16;

export function readDepthToSpace(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const size = node.int('blocksize', 1);
  const mode = node.text('mode', 'DCR');
  const x = operand(reader, node);
  const type = reader.elementType(value);
  if (mode !== 'DCR' && mode !== 'CRD') node.fail(`has mode '${mode}'; DCR and CRD are known.`);
  const shuffle = 'torch.nn.functional.pixel_shuffle';
  if (mode === 'CRD') {
    reader.result(node, shuffle, [x, size], type);
    return;
  }
  const channels = channelsOf(reader, node, value);
  if (channels > MAX_CHANNELS)
    node.fail(`moves ${channels} channels; at most ${MAX_CHANNELS} can be put into another order.`);
  const order = channelOrder(
    channels,
    size,
    (c, place, channels, places) => place * (channels / places) + Math.floor(c / places),
  );
  const sorted = reader.step(node, 'operator.getitem', [x, [{ slice: [null, null, null] }, order]]);
  reader.result(node, shuffle, [ref(sorted), size], type);
}

/** Channel c of the output takes channel `from` of the input. */
function channelOrder(
  channels: number,
  size: number,
  from: (c: number, place: number, channels: number, places: number) => number,
): readonly number[] {
  const places = size ** 2;
  return Array.from({ length: channels }, (_, c) => from(c, c % places, channels, places));
}

function channelsOf(reader: GraphReader, node: OnnxNode, value: string): number {
  const channels = reader.shapeOf(value)?.[1];
  return typeof channels === 'number'
    ? channels
    : node.fail(`needs the number of channels of '${value}', which the model does not tell.`);
}

/** The places of a block in front of the channels, where pixel_unshuffle has them behind. */
export function readSpaceToDepth(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const size = node.int('blocksize', 1);
  const own = channelsOf(reader, node, value);
  const deep = reader.step(node, 'torch.nn.functional.pixel_unshuffle', [operand(reader, node), size]);
  const order = channelOrder(own * size ** 2, size, (c, _, channels, places) => {
    const each = channels / places;
    return (c % each) * places + Math.floor(c / each);
  });
  const args = [ref(deep), [{ slice: [null, null, null] as const }, order]];
  reader.result(node, 'operator.getitem', args, reader.elementType(value));
}

export function readEinsum(reader: GraphReader, node: OnnxNode): void {
  const operands = node.proto.input.map((value) => ref(reader.operand(value, node.title)));
  const equation = node.text('equation', '');
  reader.result(node, 'torch.einsum', [equation, ...operands], reader.elementType(node.input(0)));
}

/** One node for both outputs, and a part of it for each that is used. */
export function readTopK(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const stated = node.optionalInput(1);
  const count = stated ? extentArguments(reader, node, stated, 'k')[0] : node.int('k', 1);
  if (typeof count !== 'number')
    node.fail(`takes its k from '${stated}', which is open; the studio reads a number.`);
  const [values, indices] = node.proto.output;
  const args = [operand(reader, node), count ?? 1, node.int('axis', -1), node.int('largest', 1) !== 0];
  const both = ref(reader.step(node, 'torch.topk', args));
  if (values)
    reader.result(node, 'operator.getitem', [both, 0], reader.elementType(value), { output: values });
  if (indices) reader.result(node, 'operator.getitem', [both, 1], ELEMENT.INT64, { output: indices });
}

/** Numbers from open sizes: what is constant was made while reading. */
export function readRange(reader: GraphReader, node: OnnxNode): void {
  const type = reader.elementType(node.input(0));
  const args = [0, 1, 2].map((i) => extentArguments(reader, node, node.input(i), 'bounds')[0] ?? 0);
  const dtype = type === ELEMENT.INT64 || type === ELEMENT.INT32 ? 'torch.int64' : 'torch.float32';
  reader.result(node, 'torch.arange', args, type, { kwargs: { dtype: { dtype } } });
}

const FILLED_TYPES: ReadonlyMap<number, string> = new Map([
  [ELEMENT.FLOAT, 'torch.float32'],
  [ELEMENT.FLOAT16, 'torch.float32'],
  [ELEMENT.DOUBLE, 'torch.float32'],
  [ELEMENT.INT32, 'torch.int32'],
  [ELEMENT.INT64, 'torch.int64'],
  [ELEMENT.BOOL, 'torch.bool'],
]);

export function readConstantOfShape(reader: GraphReader, node: OnnxNode): void {
  const shape = extentArguments(reader, node, node.input(0), 'shape');
  const t = node.attribute('value')?.t;
  const elementType = t?.dataType ?? ELEMENT.FLOAT;
  const [value = 0] = t ? readNumbers(t, reader.file) : [0];
  const dtype =
    FILLED_TYPES.get(elementType) ?? node.fail('fills with a type that the studio does not compute with.');
  reader.result(node, 'torch.full', [shape, value], elementType, { kwargs: { dtype: { dtype } } });
}

/** Ops whose results are of a shape that the data decide: only constants can be computed. */
export function readDataDependent(_: GraphReader, node: OnnxNode): void {
  node.fail(
    'makes a tensor whose shape or contents depend on indices in the data; the studio reads it where its inputs are constants.',
  );
}
