import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { applyChange, revertChange } from '../graph/change';
import type { Model } from '../graph/model';
import { floatTensor } from '../graph/tensor';
import { normal, runPipeline, testBatch } from './testRun';

const WIDTH = 4;

/** One op of a random network: what it is and which earlier values it reads (indices taken modulo what is there). */
const layer = fc.constantFrom('linear', 'linear', 'linear', 'linear', 'functional', 'again');
const other = fc.constantFrom(
  ...([
    'relu',
    'F.relu',
    'leaky',
    'sigmoid',
    'tanh',
    'add',
    'mul',
    'sub',
    'half',
    'identity',
    'dropout',
    'softmax',
  ] as const),
);
/** Mostly the value just made, so that chains of layer, op, layer are common. */
const earlier = fc.constantFrom(0, 0, 0, 0, 1, 2, 5);
const step = fc.record({
  kind: fc.oneof(layer, other),
  a: earlier,
  b: fc.nat(7),
  bias: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const network = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 9 }),
  excluded: fc.array(fc.nat(9), { maxLength: 3 }),
  outputs: fc.array(fc.constantFrom(0, 0, 0, 1, 4), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(1000),
});

function addStep(
  g: TestModel,
  { kind, a, b, bias }: Step,
  values: string[],
  modules: string[],
  random: () => number,
): string {
  const name = `n${values.length}`;
  const pick = (i: number) => values[values.length - 1 - (i % values.length)] ?? 'x';
  const tensor = (...shape: number[]) =>
    floatTensor(shape, Float32Array.from({ length: shape.reduce((p, q) => p * q, 1) }, random));
  const linear = () => {
    modules.push(name);
    const tensors = { weight: tensor(WIDTH, WIDTH), ...(bias && { bias: tensor(WIDTH) }) };
    return g.module(name, pick(a), {
      type: 'torch.nn.Linear',
      attrs: { in_features: WIDTH, out_features: WIDTH, bias },
      tensors,
    });
  };
  switch (kind) {
    case 'linear':
      return linear();
    case 'again': {
      const module = modules[b % Math.max(1, modules.length)];
      return module === undefined ? linear() : g.again(name, module, pick(a));
    }
    case 'functional':
      return g.call(
        name,
        'torch.nn.functional.linear',
        pick(a),
        g.constant(`${name}_w`, tensor(WIDTH, WIDTH)),
      );
    case 'relu':
      return g.module(name, pick(a), { type: 'torch.nn.ReLU' });
    case 'F.relu':
      return g.call(name, 'torch.nn.functional.relu', pick(a));
    case 'leaky':
      return g.call(name, 'torch.nn.functional.leaky_relu', pick(a), 0.1);
    case 'sigmoid':
      return g.call(name, 'torch.sigmoid', pick(a));
    case 'tanh':
      return g.module(name, pick(a), { type: 'torch.nn.Tanh' });
    case 'softmax':
      return g.call(name, 'torch.softmax', pick(a), -1);
    case 'identity':
      return g.module(name, pick(a), { type: 'torch.nn.Identity' });
    case 'dropout':
      return g.module(name, pick(a), { type: 'torch.nn.Dropout' });
    case 'half':
      return g.call(name, 'operator.mul', pick(a), 0.5);
    default:
      return g.call(name, `operator.${kind}`, pick(a), pick(b));
  }
}

function build({
  steps,
  outputs,
  seed,
}: {
  steps: readonly Step[];
  outputs: readonly number[];
  seed: number;
}): Model {
  const g = new TestModel();
  const random = normal(seed + 1);
  const values = [g.input('x')];
  const modules: string[] = [];
  for (const s of steps) values.push(addStep(g, s, values, modules, random));
  const last = values.length - 1;
  return g.build(...outputs.map((o) => values[Math.max(1, last - o)] ?? 'x'));
}

beforeAll(() => openTestDevice('cpu'));

it('exact equalization keeps the float function of random networks, whatever is selected', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(network, async (sample) => {
      const model = build(sample);
      const excluded = sample.excluded.map((i) => `n${i}`);
      const run = await runPipeline(model, [testBatch(16, [WIDTH])], { excluded });
      expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    }),
    { numRuns: 500, seed: 20261123 },
  );
});

it('every step can be played forwards and backwards change by change', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      network,
      fc.constantFrom('exact' as const, 'pytorch' as const),
      async (sample, semantics) => {
        const run = await runPipeline(build(sample), [testBatch(4, [WIDTH])], { semantics });
        const steps = [run.load, run.prepare, run.calibrate, run.equalize, run.convert];
        steps.slice(1).forEach((snapshot, i) => {
          const before = steps[i]?.model.graph ?? { nodes: [] };
          expect(snapshot.changes.reduce(applyChange, before)).toEqual(snapshot.model.graph);
          expect(snapshot.changes.reduceRight(revertChange, snapshot.model.graph)).toEqual(before);
        });
      },
    ),
    { numRuns: 100, seed: 20261123 },
  );
});
