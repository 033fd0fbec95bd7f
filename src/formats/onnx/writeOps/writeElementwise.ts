import type {
  BinaryFunction,
  ParametricAttrs,
  ParametricFunction,
  PlainFunction,
} from '../../../graph/elementwise';
import type { OpCall } from '../../../graph/op';
import { ELEMENT, isIntegerElement } from '../file/elementTypes';
import type { GraphWriter, OpWriter, WrittenAttributes } from './graphWriter';
import { commonType, operandAs, operandsAs, scalarOf, stepOf } from './writeTyped';

/* Functions element by element: one op of ONNX, or several where it has none. */

/** What a function is written from: its operands in one type, and where its value goes. */
interface Place {
  readonly writer: GraphWriter;
  readonly output: string;
  readonly type: number;
  readonly step: ReturnType<typeof stepOf>;
  readonly number: (value: number) => string;
}

type Writer = (place: Place, ...operands: readonly string[]) => void;

const op =
  (opType: string, attributes: WrittenAttributes = {}): Writer =>
  ({ writer, output }, ...operands) =>
    writer.node(opType, operands, output, attributes);

/** Whole numbers stay as they are. */
const unlessWhole =
  (write: Writer): Writer =>
  (place, ...operands) =>
    (isIntegerElement(place.type) ? op('Identity') : write)(place, ...operands);

const trunc: Writer = ({ writer, step, output }, x = '') =>
  writer.node('Mul', [step('Sign', [x]), step('Floor', [step('Abs', [x])])], output);

const PLAIN: { readonly [F in PlainFunction]: Writer } = {
  abs: op('Abs'),
  neg: op('Neg'),
  sign: op('Sign'),
  floor: unlessWhole(op('Floor')),
  ceil: unlessWhole(op('Ceil')),
  round: unlessWhole(op('Round')),
  trunc: unlessWhole(trunc),
  exp: op('Exp'),
  expm1: ({ writer, step, output, number }, x = '') =>
    writer.node('Sub', [step('Exp', [x]), number(1)], output),
  log: op('Log'),
  log1p: ({ writer, step, output, number }, x = '') =>
    writer.node('Log', [step('Add', [x, number(1)])], output),
  sin: op('Sin'),
  cos: op('Cos'),
  tan: op('Tan'),
  asin: op('Asin'),
  acos: op('Acos'),
  atan: op('Atan'),
  sinh: op('Sinh'),
  cosh: op('Cosh'),
  asinh: op('Asinh'),
  acosh: op('Acosh'),
  atanh: op('Atanh'),
  softsign: op('Softsign'),
  logsigmoid: ({ writer, step, output }, x = '') =>
    writer.node('Neg', [step('Softplus', [step('Neg', [x])])], output),
  hardsigmoid: op('HardSigmoid', { alpha: { f: 1 / 6 }, beta: { f: 0.5 } }),
  hardswish: op('HardSwish'),
  selu: op('Selu'),
  mish: ({ writer, step, output }, x = '') =>
    writer.node('Mul', [x, step('Tanh', [step('Softplus', [x])])], output),
  isnan: op('IsNaN'),
  isinf: op('IsInf'),
  logical_not: op('Not'),
  bitwise_not: (place, x = '') => {
    const { writer, step, output, type, number } = place;
    if (type === ELEMENT.BOOL) op('Not')(place, x);
    else writer.node('Sub', [step('Neg', [x]), number(1)], output);
  },
};

const PARAMETRIC: {
  readonly [F in ParametricFunction]: (place: Place, x: string, attrs: ParametricAttrs<F>) => void;
} = {
  softplus: ({ writer, step, output, number }, x, { beta, threshold }) => {
    const scaled = beta === 1 ? x : step('Mul', [x, number(beta)]);
    const curve = step('Softplus', [scaled]);
    const back = beta === 1 ? curve : step('Div', [curve, number(beta)]);
    const above = step('Greater', [scaled, number(threshold)]);
    writer.node('Where', [above, x, back], output);
  },
  celu: ({ writer, output }, x, { alpha }) => writer.node('Celu', [x], output, { alpha: { f: alpha } }),
  threshold: ({ writer, step, output, number }, x, { threshold, value }) =>
    writer.node('Where', [step('LessOrEqual', [x, number(threshold)]), number(value), x], output),
};

const isParametric = (attrs: { readonly fn: string }): attrs is ParametricAttrs => attrs.fn in PARAMETRIC;
const parametric = <F extends ParametricFunction>(
  fn: F,
  place: Place,
  x: string,
  attrs: ParametricAttrs<F>,
): void => PARAMETRIC[fn](place, x, attrs);

/** Functions that work on whole numbers and bools too; all others take floats. */
const ANY_TYPE: ReadonlySet<string> = new Set<PlainFunction>([
  ...(['abs', 'neg', 'sign', 'floor', 'ceil', 'round', 'trunc'] as const),
  'bitwise_not',
]);
const GIVES_BOOL: ReadonlySet<string> = new Set<PlainFunction>(['isnan', 'isinf', 'logical_not']);

function placeOf(writer: GraphWriter, output: string, type: number): Place {
  const number = (value: number) => scalarOf(writer, value, type);
  return { writer, output, type, step: stepOf(writer, output), number };
}

export const unary: OpWriter<'unary'> = (writer, { operands, attrs }, output, node) => {
  const [operand] = operands;
  if (!operand) return;
  const own = commonType(writer, [operand]);
  const type = attrs.fn === 'logical_not' ? ELEMENT.BOOL : ANY_TYPE.has(attrs.fn) ? own : ELEMENT.FLOAT;
  const place = placeOf(writer, output, type);
  const x = operandAs(writer, operand, type);
  if (isParametric(attrs)) parametric(attrs.fn, place, x, attrs);
  else PLAIN[attrs.fn](place, x);
  writer.define(node.name, output, GIVES_BOOL.has(attrs.fn) ? ELEMENT.BOOL : type);
};

/** Of floats with the divisor's sign: where the rest has the other one, the divisor is added. */
const remainder: Writer = (place, a = '', b = '') => {
  const { writer, step, output, type, number } = place;
  if (isIntegerElement(type)) {
    op('Mod')(place, a, b);
    return;
  }
  const rest = step('Mod', [a, b], { fmod: { i: 1 } });
  const wrong = step('Less', [step('Mul', [step('Sign', [rest]), step('Sign', [b])]), number(0)]);
  writer.node('Where', [wrong, step('Add', [rest, b]), rest], output);
};

const BINARY: { readonly [F in BinaryFunction]: Writer } = {
  minimum: op('Min'),
  maximum: op('Max'),
  pow: op('Pow'),
  eq: op('Equal'),
  ne: ({ writer, step, output }, ...operands) => writer.node('Not', [step('Equal', operands)], output),
  lt: op('Less'),
  le: op('LessOrEqual'),
  gt: op('Greater'),
  ge: op('GreaterOrEqual'),
  logical_and: op('And'),
  logical_or: op('Or'),
  logical_xor: op('Xor'),
  bitwise_and: op('And'),
  bitwise_or: op('Or'),
  bitwise_xor: op('Xor'),
  fmod: op('Mod', { fmod: { i: 1 } }),
  remainder,
  // ONNX cuts whole quotients off towards zero.
  floor_divide: ({ writer, step, output, type }, a = '', b = '') => {
    if (!isIntegerElement(type)) writer.node('Floor', [step('Div', [a, b])], output);
    else writer.node('Div', [step('Sub', [a, step('Mod', [a, b])]), b], output);
  },
  trunc_divide: (place, a = '', b = '') => {
    if (isIntegerElement(place.type)) op('Div')(place, a, b);
    else trunc(place, place.step('Div', [a, b]));
  },
};

const LOGIC: ReadonlySet<BinaryFunction> = new Set<BinaryFunction>([
  ...(['logical_and', 'logical_or', 'logical_xor', 'bitwise_and', 'bitwise_or', 'bitwise_xor'] as const),
]);
const COMPARISON: ReadonlySet<BinaryFunction> = new Set<BinaryFunction>(['eq', 'ne', 'lt', 'le', 'gt', 'ge']);

export const binary: OpWriter<'binary'> = (writer, call, output, node) => {
  const { fn } = call.attrs;
  const common = commonType(writer, call.operands);
  const type = LOGIC.has(fn) ? ELEMENT.BOOL : common === ELEMENT.BOOL ? ELEMENT.INT32 : common;
  BINARY[fn](placeOf(writer, output, type), ...operandsAs(writer, call.operands, type));
  writer.define(node.name, output, LOGIC.has(fn) || COMPARISON.has(fn) ? ELEMENT.BOOL : type);
};

export const where: OpWriter<'where'> = (writer, { operands }: OpCall, output, node) => {
  const [condition, ...values] = operands;
  const type = commonType(writer, values);
  const chosen = condition ? operandAs(writer, condition, ELEMENT.BOOL) : '';
  writer.node('Where', [chosen, ...operandsAs(writer, values, type)], output);
  writer.define(node.name, output, type);
};
