import { type Argument, type NodeRef, ref } from '../../../graph/node';
import { axisOf } from '../../../graph/shape';
import { floatTensor } from '../../../graph/tensor';
import { ELEMENT, elementName, isFloatElement, torchDtype } from '../file/elementTypes';
import { tensorProto } from '../file/tensorWrite';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { leadingAxis } from './leadingAxis';
import { axesOf } from './readAxesOps';
import { arithmetic, type OpReader, operandAt, stepOf, stepWith } from './readElementwise';

/* Ops that reduce axes, and ops that run along one. */

const rankOf = (reader: GraphReader, node: OnnxNode): number =>
  reader.shapeOf(node.input(0))?.length ??
  node.fail(`needs the number of axes of '${node.input(0)}', which the model does not tell.`);

/** The axes, from the start; all of them where none are named (an attribute before opset 13 or 18, an input after). */
function axesAsked(reader: GraphReader, node: OnnxNode): readonly number[] | null {
  const stated = axesOf(reader, node, 1);
  return stated?.length ? stated : null;
}

const isNoOp = (reader: GraphReader, node: OnnxNode): boolean =>
  node.flag('noop_with_empty_axes') && axesAsked(reader, node) === null;

/** What stands before and behind a reduction that PyTorch has as several functions. */
interface Parts {
  readonly target: string;
  readonly before?: (x: NodeRef, reader: GraphReader, node: OnnxNode) => NodeRef;
  readonly behind?: string;
  /** Of whole numbers the result would be a fraction. */
  readonly floatOnly?: boolean;
}

const reduction =
  ({ target, before, behind, floatOnly = false }: Parts): OpReader =>
  (reader, node) => {
    const type = reader.elementType(node.input(0));
    if (floatOnly && !isFloatElement(type))
      node.fail(`reduces ${elementName(type)} values to a fraction; the studio reads it for float types.`);
    if (isNoOp(reader, node)) {
      reader.identity(node, node.input(0));
      return;
    }
    const given = operandAt(reader, node, 0);
    const x = before ? before(given, reader, node) : given;
    const args = [x, axesAsked(reader, node) ?? [], node.int('keepdims', 1) !== 0];
    if (behind) reader.result(node, behind, [stepOf(reader, node)(target, ...args)], type);
    else if (target === 'torch.amax' || target === 'torch.amin') reader.result(node, target, args, type);
    else arithmetic(reader, node, target, args, type);
  };

const squared = (x: NodeRef, reader: GraphReader, node: OnnxNode) => stepOf(reader, node)('torch.mul', x, x);
const magnitude = (x: NodeRef, reader: GraphReader, node: OnnxNode) => stepOf(reader, node)('torch.abs', x);

/** PyTorch's wants its axes named. */
const readLogSumExp: OpReader = (reader, node) => {
  if (isNoOp(reader, node)) {
    reader.identity(node, node.input(0));
    return;
  }
  const type = reader.elementType(node.input(0));
  if (!isFloatElement(type))
    node.fail(`reduces ${elementName(type)} values to a fraction; the studio reads it for float types.`);
  const axes = axesAsked(reader, node) ?? Array.from({ length: rankOf(reader, node) }, (_, axis) => axis);
  const args = [operandAt(reader, node, 0), axes, node.int('keepdims', 1) !== 0];
  reader.result(node, 'torch.logsumexp', args, type);
};

/** PyTorch's takes one axis: one call an axis, from the last on. */
const readProd: OpReader = (reader, node) => {
  if (isNoOp(reader, node)) {
    reader.identity(node, node.input(0));
    return;
  }
  const rank = rankOf(reader, node);
  const asked = axesAsked(reader, node) ?? Array.from({ length: rank }, (_, axis) => axis);
  const axes = asked.map((axis) => axisOf(axis, rank) ?? node.fail(`has axis ${axis} for ${rank} axes.`));
  const [last, ...others] = axes.toSorted((a, b) => a - b);
  const keep = node.int('keepdims', 1) !== 0;
  let x = operandAt(reader, node, 0);
  for (const axis of others.toReversed()) x = stepOf(reader, node)('torch.prod', x, axis, keep);
  if (last === undefined) reader.identity(node, node.input(0));
  else arithmetic(reader, node, 'torch.prod', [x, last, keep], reader.elementType(node.input(0)));
};

/** The first of several equal ones; the last of them is the first from behind. */
const readArg =
  (target: string): OpReader =>
  (reader, node) => {
    const x = operandAt(reader, node, 0);
    const [axis, keep] = [node.int('axis', 0), node.int('keepdims', 1) !== 0];
    if (!node.flag('select_last_index')) {
      reader.result(node, target, [x, axis, keep], ELEMENT.INT64);
      return;
    }
    const shape = reader.shapeOf(node.input(0));
    const at = shape ? axisOf(axis, shape.length) : null;
    const size = at === null ? undefined : shape?.[at];
    if (typeof size !== 'number')
      node.fail(`selects the last index along axis ${axis} of '${node.input(0)}', whose size is not known.`);
    const step = stepOf(reader, node);
    const fromBehind = step(target, step('torch.flip', x, [axis]), axis, keep);
    reader.result(node, 'operator.sub', [Number(size) - 1, fromBehind], ELEMENT.INT64);
  };

function axisInput(reader: GraphReader, node: OnnxNode, position: number): number {
  const value = node.input(position);
  const [axis] = reader.constants.has(value) ? reader.constants.numbers(value) : [];
  return (
    axis ??
    node.fail(`takes its axis from '${value}', which is computed at run time; the studio reads constants.`)
  );
}

const WHOLE: Argument = { slice: [null, null, null] };

/** `reverse` sums from behind; `exclusive` leaves each element itself out: a zero stands in front, the last sum falls off. */
const readCumSum: OpReader = (reader, node) => {
  const asked = axisInput(reader, node, 1);
  const [exclusive, reverse] = [node.flag('exclusive'), node.flag('reverse')];
  const type = reader.elementType(node.input(0));
  let x = operandAt(reader, node, 0);
  if (!exclusive && !reverse) return arithmetic(reader, node, 'torch.cumsum', [x, asked], type);
  const axis =
    asked >= 0
      ? leadingAxis(node, asked)
      : (axisOf(asked, rankOf(reader, node)) ?? node.fail(`has axis ${asked}.`));
  const step = stepOf(reader, node);
  const part = (from: number | null, to: number | null): readonly Argument[] => [
    ...new Array<Argument>(axis).fill(WHOLE),
    { slice: [from, to, null] },
  ];
  if (reverse) x = step('torch.flip', x, [axis]);
  let sums = step('torch.cumsum', x, axis);
  if (exclusive) {
    const first = step('operator.getitem', x, part(0, 1));
    const dtype = { dtype: torchDtype(type) ?? 'torch.float32' };
    const zero = ref(stepWith(reader, node, 'torch.zeros_like', [first], { dtype }));
    const joined: Argument = [zero, step('operator.getitem', sums, part(null, -1))];
    if (!reverse) {
      reader.result(node, 'torch.cat', [joined, axis], type);
      return;
    }
    sums = step('torch.cat', joined, axis);
  }
  reader.result(node, 'torch.flip', [sums, [axis]], type);
};

/** Classes of a one-hot encoding: their numbers are a tensor of the model. */
const MAX_DEPTH = 2 ** 22;

/**
 * By comparison with 0, 1, 2 … along the new axis: negative places count from the end, and a place outside gives the
 * off value everywhere, which `F.one_hot` refuses.
 */
const readOneHot: OpReader = (reader, node) => {
  const [indices, depth, values] = [node.input(0), node.input(1), node.input(2)];
  const [count] = reader.constants.has(depth) ? reader.constants.numbers(depth) : [];
  if (count === undefined)
    return node.fail(
      `takes its depth from '${depth}', which is computed at run time; the studio reads constants.`,
    );
  if (!(count >= 1 && count <= MAX_DEPTH)) node.fail(`has depth ${count}; 1 to ${MAX_DEPTH} can be.`);
  const rank = rankOf(reader, node);
  const axis =
    axisOf(node.int('axis', -1), rank + 1) ??
    node.fail(`has axis ${node.int('axis', -1)} for ${rank + 1} axes.`);
  const step = stepOf(reader, node);
  const wide = step('torch.unsqueeze', operandAt(reader, node, 0), axis);
  const place = step('torch.where', step('torch.lt', wide, 0), step('torch.add', wide, count), wide);
  const places = `${indices} places along ${axis} of ${count}`;
  if (!reader.constants.has(places)) {
    const shape = [count, ...new Array<number>(rank - axis).fill(1)];
    const data = Float32Array.from({ length: count }, (_, i) => i);
    reader.constants.fold(places, tensorProto(places, floatTensor(shape, data)));
  }
  const hit = step('torch.eq', place, ref(reader.operand(places, node.title)));
  const pair = operandAt(reader, node, 2);
  const [off, on] = [step('operator.getitem', pair, 0), step('operator.getitem', pair, 1)];
  reader.result(node, 'torch.where', [hit, on, off], reader.elementType(values));
};

/** The mean of whole numbers would be a fraction, which ONNX cuts off. */
const readReduceMean: OpReader = (reader, node) => {
  const type = reader.elementType(node.input(0));
  if (isNoOp(reader, node)) {
    reader.identity(node, node.input(0));
    return;
  }
  const args: readonly Argument[] = [
    operandAt(reader, node, 0),
    axesAsked(reader, node),
    node.int('keepdims', 1) !== 0,
  ];
  if (isFloatElement(type)) reader.result(node, 'torch.mean', args, type);
  else reader.cast(node, reader.step(node, 'torch.mean', args), torchDtype(type) ?? 'torch.int32', type);
};

/** Readers by the op's name. */
export const REDUCE_READERS: Readonly<Record<string, OpReader>> = {
  ReduceSum: reduction({ target: 'torch.sum' }),
  ReduceMean: readReduceMean,
  ReduceMax: reduction({ target: 'torch.amax' }),
  ReduceMin: reduction({ target: 'torch.amin' }),
  ReduceProd: readProd,
  ReduceL1: reduction({ target: 'torch.sum', before: magnitude }),
  ReduceL2: reduction({ target: 'torch.sum', before: squared, behind: 'torch.sqrt', floatOnly: true }),
  ReduceSumSquare: reduction({ target: 'torch.sum', before: squared }),
  ReduceLogSum: reduction({ target: 'torch.sum', behind: 'torch.log', floatOnly: true }),
  ReduceLogSumExp: readLogSumExp,
  ArgMax: readArg('torch.argmax'),
  ArgMin: readArg('torch.argmin'),
  CumSum: readCumSum,
  OneHot: readOneHot,
};
