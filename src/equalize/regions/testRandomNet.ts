import fc from 'fast-check';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { MOVE_KINDS } from './testMoveOps';
import { Net } from './testNets';
import { BATCH, type Value } from './testOpRule';
import { CHAIN_KINDS, KINDS, RULES } from './testRandomOps';

/* Random networks over all supported ops, on values of two, three and four axes. For tests only. */

const picks = {
  a: fc.constantFrom(0, 0, 0, 0, 1, 2, 5),
  b: fc.nat(6),
  width: fc.integer({ min: 1, max: 5 }),
};

const step = fc.record({ kind: fc.constantFrom(...KINDS), ...picks });
/** Chains of layers and of what lets factors pass, with few branches: here most layers fold. */
const chainStep = fc.record({
  ...picks,
  kind: fc.constantFrom(...CHAIN_KINDS),
  a: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A network: its steps, which layers are not to be equalized, and which values are outputs, counted from the last. */
export const randomNet = fc.record({
  input: fc.constantFrom([4], [3, 4], [4, 5], [2, 5, 3], [3, 4, 4]),
  steps: fc.oneof(
    fc.array(step, { minLength: 3, maxLength: 12 }),
    fc.array(chainStep, { minLength: 3, maxLength: 10 }),
  ),
  excluded: fc.array(fc.nat(10), { maxLength: 2 }),
  outputs: fc.array(fc.constantFrom(0, 0, 0, 1, 4), { minLength: 1, maxLength: 2 }),
});
export type RandomNet = typeof randomNet extends fc.Arbitrary<infer T> ? T : never;

const onLast = { ...picks, a: fc.constant(0) };
/** Wide enough that channels which are mixed in blocks of four make more than one block. */
const layerStep = fc.record({
  ...onLast,
  width: fc.integer({ min: 1, max: 8 }),
  kind: fc.constantFrom(...(['linear', 'conv'] as const)),
});
const moveStep = fc.record({ ...onLast, kind: fc.constantFrom(...MOVE_KINDS, 'relu' as const) });

/** Two layers with what rearranges channels between them: nearly all of these fold, so that each op's rule is put to the test. */
export const movedNet: fc.Arbitrary<RandomNet> = fc.record({
  input: fc.constantFrom([3, 4], [4, 5], [2, 5, 3], [3, 4, 4]),
  steps: fc
    .tuple(layerStep, fc.array(moveStep, { minLength: 1, maxLength: 3 }), layerStep)
    .map(([first, moves, last]) => [first, ...moves, last]),
  excluded: fc.constant([]),
  outputs: fc.constant([0]),
});

/** With a bias. */
const chain = <K extends Step['kind']>(kind: K) =>
  fc.record({ ...onLast, b: fc.constant(1), kind: fc.constant(kind) });
/** Linear layers with nothing but a ReLU between: a high bias of one can go into the next. */
export const reluNet: fc.Arbitrary<RandomNet> = fc.record({
  input: fc.constantFrom([4], [3, 4], [4, 5]),
  steps: fc.tuple(chain('linear'), chain('relu'), chain('linear')),
  excluded: fc.constant([]),
  outputs: fc.constant([0]),
});

/** The network as a model over `x` of shape `[3, …]`. */
export function buildRandomNet({ input, steps, outputs }: RandomNet): Model {
  const builder = new NetBuilder(input);
  for (const each of steps) builder.add(each);
  return builder.build(outputs);
}

class NetBuilder {
  private readonly g = new Net();
  private readonly values: Value[];
  private steps = 0;
  /** Modules that were called, with the shape they read and the one they made. */
  private readonly modules: {
    readonly name: string;
    readonly from: readonly number[];
    readonly shape: readonly number[];
  }[] = [];

  constructor(private readonly input: readonly number[]) {
    this.values = [{ name: this.g.input('x'), shape: input }];
  }

  build(outputs: readonly number[]): Model {
    const last = this.values.length - 1;
    const model = this.g.build(
      ...outputs.map((o) => this.values[Math.max(Math.min(1, last), last - o)]?.name ?? 'x'),
    );
    return { ...model, inputShapes: { [nodeName('x')]: [BATCH, ...this.input] } };
  }

  private pick(back: number): Value {
    return (
      this.values[this.values.length - 1 - (back % this.values.length)] ?? { name: 'x', shape: this.input }
    );
  }

  /** Another value of the same shape, or the same one. */
  private partner(value: Value, back: number): Value {
    const alike = this.values.filter((v) => v.shape.join() === value.shape.join());
    return alike[back % alike.length] ?? value;
  }

  add(step: Step): void {
    // Also a value that is too large to be read again has a name of its own.
    const name = `n${++this.steps}`;
    const value = this.pick(step.a);
    const made = RULES[step.kind]({ g: this.g, name, value, step, partner: (v, b) => this.partner(v, b) });
    const again = step.kind === 'again' ? this.callAgain(name, value, step.b) : made;
    if (again?.shape.every((dim) => dim > 0) && again.shape.reduce((p, q) => p * q, 1) <= 400)
      this.values.push(again);
    if (made && (step.kind === 'linear' || step.kind === 'conv'))
      this.modules.push({ name, from: value.shape, shape: made.shape });
  }

  private callAgain(name: string, value: Value, b: number): Value | null {
    const fitting = this.modules.filter((m) => m.from.join() === value.shape.join());
    const module = fitting[b % Math.max(1, fitting.length)];
    return module ? { name: this.g.again(name, module.name, value.name), shape: module.shape } : null;
  }
}
