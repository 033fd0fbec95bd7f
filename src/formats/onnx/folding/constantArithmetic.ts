import { broadcastShapes } from '../../../graph/shape';
import { ELEMENT, isFloatElement, isIntegerElement } from '../file/elementTypes';
import type { ConstantRule } from './constantRule';
import { type HostArray, roomFor, spread } from './hostArray';

/* Arithmetic, comparisons and logic on constants, element by element. */

/** The shape that all inputs broadcast to; null where they do not fit. */
function commonShape(inputs: readonly HostArray[]): readonly number[] | null {
  let shape: readonly number[] = [];
  for (const x of inputs) {
    const wider = broadcastShapes(shape, x.shape);
    if (!wider) return null;
    shape = wider.map(Number);
  }
  return shape;
}

type Compute = (values: readonly number[], isFloat: boolean) => number;

const elementwise =
  (compute: Compute, resultType?: number): ConstantRule =>
  (_, inputs) => {
    const given = inputs.filter((x) => x !== null);
    const [first] = given;
    const shape = commonShape(given);
    if (!first || !shape || given.length !== inputs.length) return null;
    const wide = given.map((x) => spread(x, shape));
    const typed = given.find(({ elementType }) => elementType !== ELEMENT.BOOL) ?? first;
    const elementType = resultType ?? typed.elementType;
    const isFloat = isFloatElement(typed.elementType);
    const size = wide[0]?.data.length ?? 0;
    const data = roomFor(elementType, size);
    for (let i = 0; i < size; i++)
      data[i] = compute(
        wide.map((x) => x.data[i] ?? 0),
        isFloat,
      );
    return [{ shape, elementType, data }];
  };

const pair = (
  compute: (a: number, b: number, isFloat: boolean) => number,
  resultType?: number,
): ConstantRule => elementwise(([a = 0, b = 0], isFloat) => compute(a, b, isFloat), resultType);
const one = (compute: (a: number) => number, resultType?: number): ConstantRule =>
  elementwise(([a = 0]) => compute(a), resultType);
const all = (compute: (a: number, b: number) => number): ConstantRule =>
  elementwise((values) => values.reduce(compute));
const truth = (compute: (a: number, b: number) => boolean): ConstantRule =>
  pair((a, b) => Number(compute(a, b)), ELEMENT.BOOL);

/** Half to even. */
function round(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

const cast: ConstantRule = (node, [x]) => {
  const elementType = node.int('to', ELEMENT.FLOAT);
  const isKnown =
    isFloatElement(elementType) || isIntegerElement(elementType) || elementType === ELEMENT.BOOL;
  if (!x || !isKnown) return null;
  const data = roomFor(elementType, x.data.length);
  const whole = isIntegerElement(elementType);
  for (let i = 0; i < data.length; i++) {
    const value = x.data[i] ?? 0;
    data[i] = elementType === ELEMENT.BOOL ? Number(value !== 0) : whole ? Math.trunc(value) : value;
  }
  return [{ shape: x.shape, elementType, data }];
};

const where: ConstantRule = (_, [condition, a, b]) => {
  if (!condition || !a || !b) return null;
  const shape = commonShape([condition, a, b]);
  if (!shape) return null;
  const [test, left, right] = [condition, a, b].map((x) => spread(x, shape).data);
  const data = roomFor(a.elementType, test?.length ?? 0);
  for (let i = 0; i < data.length; i++) data[i] = (test?.[i] ? left?.[i] : right?.[i]) ?? 0;
  return [{ shape, elementType: a.elementType, data }];
};

export const arithmeticRules: Readonly<Record<string, ConstantRule>> = {
  Add: pair((a, b) => a + b),
  Sub: pair((a, b) => a - b),
  Mul: pair((a, b) => a * b),
  Div: (node, inputs, opset) => {
    // A division by 0 of whole numbers is an error that the run reports.
    if (inputs[1] && isIntegerElement(inputs[1].elementType) && inputs[1].data.includes(0)) return null;
    return pair((a, b, isFloat) => (isFloat ? a / b : Math.trunc(a / b)))(node, inputs, opset);
  },
  Mod: (node, inputs, opset) => {
    const like = node.flag('fmod');
    return pair((a, b) => (like ? a % b : a - b * Math.floor(a / b)))(node, inputs, opset);
  },
  Pow: pair((a, b) => a ** b),
  Min: all(Math.min),
  Max: all(Math.max),
  Sum: all((a, b) => a + b),
  Neg: one((a) => -a),
  Abs: one(Math.abs),
  Floor: one(Math.floor),
  Ceil: one(Math.ceil),
  Round: one(round),
  Sign: one(Math.sign),
  Sqrt: one(Math.sqrt),
  Exp: one(Math.exp),
  Log: one(Math.log),
  Sin: one(Math.sin),
  Cos: one(Math.cos),
  Reciprocal: one((a) => 1 / a),
  Not: one((a) => Number(a === 0), ELEMENT.BOOL),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => (a !== 0) !== (b !== 0)),
  Equal: truth((a, b) => a === b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Where: where,
  Cast: cast,
};
