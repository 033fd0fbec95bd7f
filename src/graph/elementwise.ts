/*
 * Functions of tensors, element by element, that need no op of their own: each table over ops has one row for all of
 * them, and where they differ a table over their names. The names are PyTorch's.
 */

/** Functions of one tensor without parameters. */
export type PlainFunction =
  | 'abs'
  | 'neg'
  | 'sign'
  | 'floor'
  | 'ceil'
  /** To the nearest whole number, halves to the even one. */
  | 'round'
  /** Towards zero. */
  | 'trunc'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  /** `x / (1 + |x|)`. */
  | 'softsign'
  /** `log(sigmoid(x))`. */
  | 'logsigmoid'
  /** `relu6(x + 3) / 6`. */
  | 'hardsigmoid'
  /** `x relu6(x + 3) / 6`. */
  | 'hardswish'
  | 'selu'
  /** `x tanh(softplus(x))`. */
  | 'mish'
  | 'isnan'
  | 'isinf'
  | 'logical_not'
  /** Of bool the same as `logical_not`, of whole numbers `−x − 1`. */
  | 'bitwise_not';

/** Functions of one tensor and of parameters. */
interface ParametricFunctions {
  /** `log(1 + exp(beta x)) / beta`; x itself where `beta x` is above the threshold. */
  softplus: { readonly beta: number; readonly threshold: number };
  /** `max(0, x) + min(0, alpha (exp(x / alpha) − 1))`. */
  celu: { readonly alpha: number };
  /** x where it is above the threshold, the value elsewhere. */
  threshold: { readonly threshold: number; readonly value: number };
}
export type ParametricFunction = keyof ParametricFunctions;

export type ParametricAttrs<F extends ParametricFunction = ParametricFunction> = {
  [K in ParametricFunction]: { readonly fn: K } & ParametricFunctions[K];
}[F];

/** A function of one tensor with its parameters. */
export type UnaryAttrs = { readonly fn: PlainFunction } | ParametricAttrs;
export type UnaryFunction = UnaryAttrs['fn'];

/** Functions of two tensors (or a tensor and a number), which broadcast. */
export type BinaryFunction =
  | 'minimum'
  | 'maximum'
  /** With a tensor for an exponent. */
  | 'pow'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'logical_and'
  | 'logical_or'
  | 'logical_xor'
  /** Of bool. */
  | 'bitwise_and'
  | 'bitwise_or'
  | 'bitwise_xor'
  /** The rest of a division with the dividend's sign. */
  | 'fmod'
  /** The rest of a division with the divisor's sign. */
  | 'remainder'
  /** A quotient rounded down. */
  | 'floor_divide'
  /** A quotient rounded towards zero. */
  | 'trunc_divide';

/** What becomes of all elements along some axes. */
export type ReduceFunction = 'sum' | 'prod' | 'amax' | 'amin' | 'logsumexp' | 'any' | 'all';

/** What type a function gives: `same` as its (first) operand, float or bool whatever that is. */
export type ResultType = 'same' | 'float32' | 'bool';

const UNARY_TYPES: { readonly [F in UnaryFunction]?: ResultType } = {
  abs: 'same',
  neg: 'same',
  sign: 'same',
  floor: 'same',
  ceil: 'same',
  round: 'same',
  trunc: 'same',
  threshold: 'same',
  bitwise_not: 'same',
  isnan: 'bool',
  isinf: 'bool',
  logical_not: 'bool',
};
export const unaryType = (fn: UnaryFunction): ResultType => UNARY_TYPES[fn] ?? 'float32';

const ARITHMETIC: ReadonlySet<BinaryFunction> = new Set<BinaryFunction>([
  'minimum',
  'maximum',
  'pow',
  'fmod',
  'remainder',
  'floor_divide',
  'trunc_divide',
]);

/** True for comparisons and logic, whose result is bool. */
export const givesBool = (fn: BinaryFunction | ReduceFunction): boolean =>
  fn === 'any' || fn === 'all' || (isBinary(fn) && !ARITHMETIC.has(fn));

const REDUCTIONS: ReadonlySet<string> = new Set(['sum', 'prod', 'amax', 'amin', 'logsumexp', 'any', 'all']);
const isBinary = (fn: BinaryFunction | ReduceFunction): fn is BinaryFunction => !REDUCTIONS.has(fn);
