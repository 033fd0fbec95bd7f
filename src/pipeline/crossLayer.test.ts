import { beforeAll, describe, expect, it } from 'vitest';
import { columnRange } from '../equalize/weight';
import { openTestDevice } from '../exec/testDevice';
import type { TestModel } from '../exec/testModel';
import type { ParamName } from '../graph/ids';
import { asFloat, floatTensor } from '../graph/tensor';
import { floatModel } from '../quant/floatModel';
import { conv, linear, model } from './testExact';
import { runPipeline, testBatch } from './testRun';
import { trap } from './testTraps';

beforeAll(() => openTestDevice('cpu'));

const settings = { method: 'cross-layer' as const };
const chain = (g: TestModel) => {
  const a = g.module('a', 'x', linear(6, 5));
  const b = g.module('b', g.call('relu', 'torch.nn.functional.relu', a), linear(5, 4));
  return g.module('c', g.call('relu_1', 'torch.nn.functional.relu', b), linear(4, 3));
};

const run = (graph: (g: TestModel) => string | readonly string[], more = {}) =>
  runPipeline(model(graph), [testBatch(32, [6])], { ...settings, ...more });

type Run = Awaited<ReturnType<typeof run>>;
const tensorOf = ({ equalize }: Run, name: string) => {
  const param = name as ParamName;
  return asFloat(equalize.model.params[param], param);
};
const columnsOf = (r: Run, name: string) => {
  const { min, max } = columnRange(tensorOf(r, name));
  return Array.from(max, (value, c) => Math.max(value, -(min[c] ?? 0)));
};
function rowsOf(r: Run, name: string) {
  const { data, shape } = tensorOf(r, name);
  const width = shape[1] ?? 1;
  return Array.from({ length: shape[0] ?? 0 }, (_, row) =>
    Math.max(...Array.from(data.subarray(row * width, (row + 1) * width), Math.abs)),
  );
}

describe('cross-layer equalization', () => {
  it('gives the rows of each layer and the columns of the next one range, all along a chain', async () => {
    const r = await run(chain);
    expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    for (const [before, behind] of [
      ['a', 'b'],
      ['b', 'c'],
    ]) {
      const rows = rowsOf(r, `${before}.weight`);
      columnsOf(r, `${behind}.weight`).forEach((column, k) => {
        expect(column / (rows[k] ?? 0)).toBeGreaterThan(0.99);
        expect(column / (rows[k] ?? 0)).toBeLessThan(1.01);
      });
    }
  });

  it('leaves layers without a layer before them alone, and says so', async () => {
    const r = await run(chain);
    const [a, b] = r.equalize.result.decisions;
    expect(a).toMatchObject({ decision: 'skip', reason: { kind: 'no-layer-before' } });
    expect(b).toMatchObject({ decision: 'fold', producers: ['a'], rule: 'cross-layer' });
  });

  it('looks at weights alone: other data, the same scales', async () => {
    const scales = async (seed: number) => {
      const r = await runPipeline(model(trap('connected layers')), [testBatch(16, [6], 'x', seed)], settings);
      return r.equalize.result.decisions.map(({ scale }) => scale && [...scale.values]);
    };
    expect((await scales(1))[1]).toHaveLength(5);
    // Weights of a model made anew are random: the comparison is of one model.
    const m = model(trap('connected layers'));
    const of = async (seed: number) =>
      (await runPipeline(m, [testBatch(16, [6], 'x', seed)], settings)).equalize.result.decisions.map(
        ({ scale }) => scale && [...scale.values],
      );
    expect(await of(1)).toEqual(await of(9));
  });

  it('keeps 1 for a channel whose row or column is dead', async () => {
    const m = model(trap('connected layers'));
    const name = 'a.weight' as ParamName;
    const weight = asFloat(m.params[name], name);
    const dead = floatTensor(
      weight.shape,
      weight.data.map((value, i) => (i < 6 ? 0 : value)),
    );
    const r = await runPipeline(
      { ...m, params: { ...m.params, [name]: dead } },
      [testBatch(16, [6])],
      settings,
    );
    const b = r.equalize.result.decisions.find(({ layer }) => layer === 'b');
    expect(b?.scale?.values[0]).toBe(1);
    expect(b?.scale?.neutral.map(({ channel }) => channel)).toEqual([0]);
  });

  it('takes depthwise convolutions between, as in MobileNet', async () => {
    const m = model((g) => {
      const a = g.module('a', 'x', conv(1, 3, 4));
      const depthwise = g.module('d', a, conv(1, 4, 4, { groups: 4 }));
      return g.module('b', depthwise, conv(1, 4, 2));
    });
    const r = await runPipeline(m, [testBatch(8, [3, 7])], settings);
    expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    expect(r.equalize.result.decisions.map(({ decision }) => decision)).toEqual(['skip', 'fold', 'fold']);
  });
});

describe('absorption of high biases', () => {
  /** A bias so high that most outputs of `a` never fall to zero. */
  function high(graph: (g: TestModel) => string) {
    const m = model(graph);
    const name = 'a.bias' as ParamName;
    const bias = asFloat(m.params[name], name);
    const raised = floatTensor(
      bias.shape,
      bias.data.map((value, i) => value + (i === 0 ? 0 : 60)),
    );
    return { ...m, params: { ...m.params, [name]: raised } };
  }
  const pair = (g: TestModel) =>
    g.module('b', g.call('relu', 'torch.nn.functional.relu', g.module('a', 'x', linear(6, 5))), linear(5, 4));

  it('keeps the function on the data, narrows the range between, and is better in int8', async () => {
    const m = high(pair);
    const batches = [testBatch(64, [6])];
    const without = await runPipeline(m, batches, settings);
    const r = await runPipeline(m, batches, { ...settings, absorbBias: true });
    expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    const b = r.equalize.result.decisions.find(({ layer }) => layer === 'b');
    expect(b?.decision === 'fold' ? b.absorbedChannels : 0).toBeGreaterThan(2);
    const widest = ({ equalize }: Run) =>
      Math.max(
        ...Object.entries(equalize.model.observers).flatMap(([name, { min, max }]) =>
          name.startsWith('a_') ? [max - min] : [],
        ),
      );
    expect(widest(r)).toBeLessThan(widest(without));
    const sqnr = ({ convert }: Run) => convert.outputs.equalized.sqnr ?? 0;
    expect(sqnr(r)).toBeGreaterThan(sqnr(without) + 1);
    // The figure at the layer whose bias was lowered is of the value that it had.
    expect(r.convert.layers.equalized.get('a')?.sqnr ?? 0).toBeGreaterThan(20);
    // The check runs on the data whose lowest values were absorbed: what it cannot see is said.
    expect(r.equalize.warning).toMatch(/high biases moved behind: .* only where/);
    expect(without.equalize.warning).toBeNull();
    expect(r.equalize.regions.every(({ maxRelError }) => (maxRelError ?? 1) < 1e-5)).toBe(true);
  });

  it('works on weights that need no scales, too', async () => {
    const m = high(pair);
    const balanced = await runPipeline(m, [testBatch(64, [6])], settings);
    const again = floatModel(balanced.equalize.model);
    const r = await runPipeline(again, [testBatch(64, [6])], { ...settings, absorbBias: true });
    const b = r.equalize.result.decisions.find(({ layer }) => layer === 'b');
    expect(b?.decision === 'fold' ? b.absorbedChannels : 0).toBeGreaterThan(2);
    expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  });

  it.each<readonly [string, (g: TestModel) => string]>([
    [
      'a layer behind has no bias',
      (g) =>
        g.module('b', g.call('relu', 'torch.relu', g.module('a', 'x', linear(6, 5))), linear(5, 4, false)),
    ],
    [
      'a LeakyReLU stands between',
      (g) =>
        g.module(
          'b',
          g.call('l', 'torch.nn.functional.leaky_relu', g.module('a', 'x', linear(6, 5)), 0.1),
          linear(5, 4),
        ),
    ],
  ])('moves nothing where %s', async (_, graph) => {
    const r = await runPipeline(high(graph), [testBatch(64, [6])], { ...settings, absorbBias: true });
    const b = r.equalize.result.decisions.find(({ layer }) => layer === 'b');
    expect(b?.decision === 'fold' ? b.absorbedChannels : null).toBe(0);
    expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  });

  it('moves nothing into a convolution that pads with zeros', async () => {
    const graph = (kernel: number) => (g: TestModel) =>
      g.module(
        'b',
        g.call('relu', 'torch.relu', g.module('a', 'x', conv(1, 3, 4))),
        conv(1, 4, 2, { kernel }),
      );
    const absorbed = async (kernel: number) => {
      const r = await runPipeline(high(graph(kernel)), [testBatch(8, [3, 6])], {
        ...settings,
        absorbBias: true,
      });
      expect(r.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
      const b = r.equalize.result.decisions.find(({ layer }) => layer === 'b');
      return b?.decision === 'fold' ? b.absorbedChannels : null;
    };
    expect(await absorbed(3)).toBe(0);
    expect(await absorbed(1)).toBe(3);
  });
});
