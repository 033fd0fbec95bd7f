import type { BinaryFunction, PlainFunction, UnaryAttrs } from '../elementwise';
import type { OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { celu, softplus, threshold } from './resolveActivation';

/* Functions, methods and operators that work element by element, under all their names. */

type Rule = (node: Call) => OpCall;
type Rules = Readonly<Record<string, Rule>>;

const unary =
  (fn: PlainFunction, extra: readonly string[] = []): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', ...extra]);
    return { op: 'unary', operands: [args.operand('input')], attrs: { fn } };
  };

const withParameters =
  (names: readonly string[], read: (args: CallArguments) => UnaryAttrs): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', ...names]);
    return { op: 'unary', operands: [args.operand('input')], attrs: read(args) };
  };

const binaryCall = (args: CallArguments, fn: BinaryFunction): OpCall => ({
  op: 'binary',
  operands: [args.operand('input'), args.operand('other')],
  attrs: { fn },
});

const binary =
  (fn: BinaryFunction): Rule =>
  (node) =>
    binaryCall(new CallArguments(node, ['input', 'other']), fn);

/** `x ** 2`: with a number for an exponent, an op of its own. */
const pow: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'exponent']);
  const [input, exponent] = [args.operand('input'), args.operand('exponent')];
  return exponent.kind === 'number'
    ? { op: 'pow', operands: [input], attrs: { exponent: exponent.value } }
    : { op: 'binary', operands: [input, exponent], attrs: { fn: 'pow' } };
};

/** `torch.div(x, y, rounding_mode='floor')`. */
const div: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'other', 'rounding_mode']);
  const mode = args.value('rounding_mode') ?? null;
  if (mode === 'floor') return binaryCall(args, 'floor_divide');
  if (mode === 'trunc') return binaryCall(args, 'trunc_divide');
  args.only('rounding_mode', null);
  return { op: 'div', operands: [args.operand('input'), args.operand('other')], attrs: {} };
};

/** `torch.where(condition, x, y)`; with the condition alone it gives places, which is refused. */
const where: Rule = (node) => {
  const args = new CallArguments(node, ['condition', 'input', 'other']);
  return {
    op: 'where',
    operands: [args.operand('condition'), args.operand('input'), args.operand('other')],
    attrs: {},
  };
};

/** `x.where(condition, y)`. */
const whereMethod: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'condition', 'other']);
  const operands = [args.operand('condition'), args.operand('input'), args.operand('other')];
  return { op: 'where', operands, attrs: {} };
};

/** `x.masked_fill(mask, -1e9)`. */
const maskedFill: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'mask', 'value']);
  const operands = [args.operand('mask'), args.operand('value'), args.operand('input')];
  return { op: 'where', operands, attrs: {} };
};

const oneHot: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'num_classes']);
  const classes = args.number('num_classes', -1);
  if (classes < 1)
    return args.fail(`needs the number of classes; ${classes} is not supported. Name it: F.one_hot(x, 10)`);
  return { op: 'one_hot', operands: [args.operand('input')], attrs: { classes } };
};

const F = 'torch.nn.functional';

/** Known to `torch` and as methods. */
const MATH: readonly PlainFunction[] = [
  ...(['abs', 'neg', 'sign', 'floor', 'ceil', 'trunc', 'exp', 'expm1', 'log', 'log1p'] as const),
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh'] as const),
  ...(['isnan', 'isinf', 'logical_not', 'bitwise_not'] as const),
];
const BINARY: readonly BinaryFunction[] = [
  ...(['minimum', 'maximum', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
  ...(['logical_and', 'logical_or', 'logical_xor', 'bitwise_and', 'bitwise_or', 'bitwise_xor'] as const),
  ...(['fmod', 'remainder', 'floor_divide'] as const),
];

const named = (names: readonly string[], prefix: string, rule: (name: string) => Rule | undefined): Rules =>
  Object.fromEntries(
    names.flatMap((name): [string, Rule][] => {
      const found = rule(name);
      return found ? [[`${prefix}${name}`, found]] : [];
    }),
  );

const math = Object.fromEntries(MATH.map((fn) => [fn, unary(fn)]));
const two = Object.fromEntries(BINARY.map((fn) => [fn, binary(fn)]));

/** `torch.negative`, `torch.arcsin`: second names of the same functions. */
const ALIASES: Readonly<Record<string, string>> = {
  negative: 'neg',
  absolute: 'abs',
  greater: 'gt',
  greater_equal: 'ge',
  less: 'lt',
  less_equal: 'le',
  not_equal: 'ne',
  arcsin: 'asin',
  arccos: 'acos',
  arctan: 'atan',
  arcsinh: 'asinh',
  arccosh: 'acosh',
  arctanh: 'atanh',
  fix: 'trunc',
};

const METHOD_RULES: Rules = {
  ...math,
  ...two,
  ...Object.fromEntries(
    Object.entries(ALIASES).flatMap(([alias, name]) => {
      const rule = math[name] ?? two[name];
      return rule ? [[alias, rule]] : [];
    }),
  ),
  round: unary('round'),
  pow,
  div,
  masked_fill: maskedFill,
};

export const ELEMENTWISE_METHODS: Rules = {
  ...METHOD_RULES,
  where: whereMethod,
  hardsigmoid: unary('hardsigmoid'),
};

/** Python's operators, by the names of its module `operator`. */
const OPERATORS: Rules = {
  ...named(
    ['abs', 'neg', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'],
    'operator.',
    (name) => math[name] ?? two[name],
  ),
  'operator.floordiv': binary('floor_divide'),
  'operator.mod': binary('remainder'),
  'operator.invert': unary('bitwise_not'),
  'operator.and_': binary('bitwise_and'),
  'operator.or_': binary('bitwise_or'),
  'operator.xor': binary('bitwise_xor'),
  'operator.pow': pow,
};

export const ELEMENTWISE_FUNCTIONS: Rules = {
  ...named(Object.keys(METHOD_RULES), 'torch.', (name) => METHOD_RULES[name]),
  ...OPERATORS,
  abs: unary('abs'),
  'torch.where': where,
  'torch.selu': unary('selu'),
  'torch.celu': withParameters(['alpha'], celu),
  [`${F}.selu`]: unary('selu', ['inplace']),
  [`${F}.celu`]: withParameters(['alpha', 'inplace'], celu),
  [`${F}.hardsigmoid`]: unary('hardsigmoid', ['inplace']),
  [`${F}.hardswish`]: unary('hardswish', ['inplace']),
  [`${F}.mish`]: unary('mish', ['inplace']),
  [`${F}.softsign`]: unary('softsign'),
  [`${F}.softplus`]: withParameters(['beta', 'threshold'], softplus),
  'torch._C._nn.softplus': withParameters(['beta', 'threshold'], softplus),
  [`${F}.logsigmoid`]: unary('logsigmoid'),
  'torch._C._nn.log_sigmoid': unary('logsigmoid'),
  [`${F}.threshold`]: withParameters(['threshold', 'value', 'inplace'], threshold),
  'torch.threshold': withParameters(['threshold', 'value'], threshold),
  [`${F}.one_hot`]: oneHot,
  'torch._C._nn.one_hot': oneHot,
};
