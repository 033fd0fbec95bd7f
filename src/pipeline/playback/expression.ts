import type { Formula } from './playbackViews';

/** What a formula with numbers says. */
export type Expression =
  | number
  | { readonly op: Operator; readonly a: Expression; readonly b: Expression }
  | { readonly call: Call; readonly args: readonly Expression[] };
type Operator = '+' | '−' | '·' | '/' | '^';
type Call = 'sqrt' | 'round' | 'max' | 'min' | 'clamp';

const binary =
  (op: Operator) =>
  (a: Expression, b: Expression): Expression => ({ op, a, b });
export const plus = binary('+');
export const minus = binary('−');
export const times = binary('·');
export const over = binary('/');
export const power = binary('^');
const calling =
  (call: Call) =>
  (...args: readonly Expression[]): Expression => ({ call, args });
export const sqrt = calling('sqrt');
export const round = calling('round');
export const largest = calling('max');
export const clamp = calling('clamp');

const RANKS: { readonly [O in Operator]: number } = { '+': 1, '−': 1, '·': 2, '/': 2, '^': 3 };

/** As many significant digits, with a real minus sign: `−0.79`. */
export const numberText = (value: number, digits: number): string =>
  String(Number(value.toPrecision(digits))).replace(/-/g, '−');

export function expressionText(expression: Expression, digits: number): string {
  const text = (inner: Expression): string => expressionText(inner, digits);
  if (typeof expression === 'number') return numberText(expression, digits);
  if ('call' in expression) return `${expression.call}(${expression.args.map(text).join(', ')})`;
  const { op, a, b } = expression;
  const rank = (inner: Expression): number =>
    typeof inner === 'object' && 'op' in inner ? RANKS[inner.op] : 4;
  const isBase = op === '^' && typeof a === 'number' && a < 0;
  const left = rank(a) < RANKS[op] || isBase ? `(${text(a)})` : text(a);
  const right = rank(b) <= RANKS[op] && rank(b) < 4 ? `(${text(b)})` : text(b);
  return op === '^' ? `${left}^${right}` : `${left} ${op} ${right}`;
}

/** Its value with every number as it is printed with so many digits; in full without. */
export function evaluate(expression: Expression, digits: number | null = null): number {
  if (typeof expression === 'number')
    return digits === null ? expression : Number(expression.toPrecision(digits));
  if ('call' in expression)
    return called(
      expression.call,
      expression.args.map((arg) => evaluate(arg, digits)),
    );
  const [a, b] = [evaluate(expression.a, digits), evaluate(expression.b, digits)];
  switch (expression.op) {
    case '+':
      return a + b;
    case '−':
      return a - b;
    case '·':
      return a * b;
    case '/':
      return a / b;
    case '^':
      return a ** b;
    default:
      return expression.op satisfies never;
  }
}

function called(call: Call, args: readonly number[]): number {
  const [a = Number.NaN, low = Number.NaN, high = Number.NaN] = args;
  switch (call) {
    case 'sqrt':
      return Math.sqrt(a);
    case 'round':
      return evenlyRounded(a);
    case 'max':
      return Math.max(...args);
    case 'min':
      return Math.min(...args);
    case 'clamp':
      return Math.min(Math.max(a, low), high);
    default:
      return call satisfies never;
  }
}

function evenlyRounded(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(value);
}

/** The least and the most digits that numbers are printed with: float32 has no more than nine. */
const DIGITS = { least: 3, most: 9 };
/** What the printed numbers may miss of the result: half of the third digit. */
const TOLERANCE = 5e-4;

/**
 * The formula with as few digits as it takes for the printed numbers to give the printed result. `value` is the model's
 * own, rounded as the pass rounds it.
 */
export function formula(left: string, symbols: string, expression: Expression, value: number): Formula {
  let digits = DIGITS.least;
  const isNear = () => Math.abs(evaluate(expression, digits) - value) <= TOLERANCE * Math.abs(value);
  while (digits < DIGITS.most && !isNear()) digits++;
  return { left, symbols, numbers: expressionText(expression, digits), result: numberText(value, 4), value };
}
