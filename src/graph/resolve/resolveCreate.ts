import { isNodeRef } from '../node';
import type { OpAttrs } from '../op';
import type { Extent } from '../sizes';
import { CallArguments } from './callArguments';
import type { CallRule } from './callRule';
import { extentArgument, extentArguments, shapeOperand, sizeOperands } from './resolveSize';

/* Functions that make tensors of numbers and of shapes: `torch.arange`, `torch.full` and their like. */

type MadeType = OpAttrs['full']['dtype'];

const TYPES: ReadonlyMap<string, MadeType> = new Map([
  ['torch.float32', 'float32'],
  ['torch.float', 'float32'],
  ['torch.float16', 'float32'],
  ['torch.float64', 'float32'],
  ['torch.int32', 'int32'],
  ['torch.int', 'int32'],
  ['torch.int64', 'int32'],
  ['torch.long', 'int32'],
  ['torch.bool', 'bool'],
]);

const FACTORY = ['dtype', 'layout', 'device', 'pin_memory', 'requires_grad'] as const;

function typeOf(args: CallArguments, fallback: MadeType): MadeType {
  const stated = args.value('dtype') ?? null;
  if (stated === null) return fallback;
  const name = args.dtype('dtype');
  return (
    TYPES.get(name) ?? args.fail(`with dtype=${name} is not supported; ${[...TYPES.keys()].join(', ')} are`)
  );
}

/** PyTorch's default is int64 for whole numbers and bool for truth values. */
const typeOfNumber = (value: Extent): MadeType =>
  typeof value === 'number' && !Number.isInteger(value) ? 'float32' : 'int32';

/** `torch.arange(end)`, `torch.arange(start, end)`, `torch.arange(start, end, step)`. */
export const arange: CallRule = (node, _, index) => {
  const names = node.args.length < 2 && node.kwargs.start === undefined ? ['end'] : ['start', 'end', 'step'];
  const args = new CallArguments(node, [...names, ...FACTORY]);
  const [start, end, step] = [
    extentArgument(args, 'start', index, 0),
    extentArgument(args, 'end', index),
    extentArgument(args, 'step', index, 1),
  ];
  const isWhole = [start, end, step].every((bound) => typeOfNumber(bound) === 'int32');
  const dtype = typeOf(args, isWhole ? 'int32' : 'float32');
  if (dtype === 'bool') return args.fail('makes truth values; numbers are supported');
  return {
    op: 'arange',
    operands: [...sizeOperands([start, end, step])],
    attrs: { start, end, step, dtype },
  };
};

/** `torch.full((2, n), 1.5)`. */
export const full: CallRule = (node, _, index) => {
  const args = new CallArguments(node, ['size', 'fill_value', ...FACTORY]);
  const shape = extentArguments(args, 'size', index) ?? [];
  const given = args.value('fill_value');
  const value = typeof given === 'boolean' ? Number(given) : extentArgument(args, 'fill_value', index);
  const dtype = typeOf(args, typeof given === 'boolean' ? 'bool' : typeOfNumber(value));
  return { op: 'full', operands: sizeOperands([...shape, value]), attrs: { shape, value, dtype } };
};

/** `torch.zeros(2, n)`, `torch.ones((2, n))`. */
export const filled =
  (value: number): CallRule =>
  (node, _, index) => {
    const { args: given, kwargs } = node;
    const [first] = given;
    const list = given.length === 1 && Array.isArray(first) ? first : given;
    const call = given.length === 0 ? node : { ...node, args: [list], kwargs };
    const args = new CallArguments(call, ['size', ...FACTORY]);
    const shape = extentArguments(args, 'size', index) ?? [];
    return {
      op: 'full',
      operands: sizeOperands(shape),
      attrs: { shape, value, dtype: typeOf(args, 'float32') },
    };
  };

/** `torch.zeros_like(x)`, `torch.full_like(x, 2)`: of x only the shape counts, and float is its type unless told. */
export const filledLike =
  (value: number | null): CallRule =>
  (node, _, index) => {
    const names = value === null ? ['input', 'fill_value'] : ['input'];
    const args = new CallArguments(node, [...names, ...FACTORY, 'memory_format']);
    const like = args.value('input');
    if (!isNodeRef(like)) return args.fail("needs a tensor for 'input'");
    const number = value ?? extentArgument(args, 'fill_value', index);
    return {
      op: 'full',
      operands: [shapeOperand(like), ...sizeOperands([number])],
      attrs: { shape: [like], value: number, dtype: typeOf(args, 'float32') },
    };
  };
