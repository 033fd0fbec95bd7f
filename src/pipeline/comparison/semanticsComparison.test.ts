import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import type { TestModel } from '../../exec/testModel';
import type { SemanticsComparison } from '../comparisonView';
import { DEFAULT_SETTINGS } from '../settings';
import { allBut, quietJob, runPipeline, testBatch } from '../testRun';
import { compareSemantics } from './semanticsComparison';
import { ownRun } from './semanticsFigures';
import { comparisonOf, linear, modelOf } from './testComparison';

beforeAll(() => openTestDevice('cpu'));

const data = () => [testBatch(32, [6]), testBatch(7, [6], 'x', 2)];
const connected = (g: TestModel) => g.module('b', g.module('a', 'x', linear(6, 5)), linear(5, 4));

/** `node: exact | pytorch`, numbers left out. */
const told = ({ differences }: SemanticsComparison) =>
  differences.map(({ node, exact, pytorch }) => `${node}: ${exact} | ${pytorch}`.replace(/-?\d+\.\d+/g, '#'));
const at = ({ differences }: SemanticsComparison, node: string) =>
  differences.filter((difference) => difference.node === node);

describe('both semantics of one model', () => {
  it('come to the same for one layer: no place is marked', async () => {
    const comparison = await comparisonOf(
      modelOf((g) => g.module('a', 'x', linear(6, 5))),
      data(),
    );
    expect(comparison.differences).toEqual([]);
    expect(comparison.exact).toEqual(comparison.pytorch);
  });

  it.each(['exact', 'pytorch'] as const)(
    'part at the range between layers, seen from %s',
    async (semantics) => {
      const comparison = await comparisonOf(modelOf(connected), data(), { semantics });
      expect(told(comparison)).toEqual([
        'a_activation_post_process_0: Exact scales the range here to [#, #], as it scales the values. | ' +
          'PyTorch keeps the range [#, #] measured before scaling, though the values are scaled now.',
      ]);
      // After Convert the quantized layer stands for its observer; in the reference form a quantize op does.
      expect(comparison.differences[0]).toMatchObject({ also: ['a', 'quantize_per_tensor_1'], layer: 'a' });
      const { exact, pytorch } = comparison;
      expect(exact.maxRelError).toBeLessThan(1e-5);
      expect(pytorch.maxRelError).toBeLessThan(1e-5);
      expect(exact.sqnr ?? 0).toBeGreaterThan((pytorch.sqnr ?? 0) + 6);
      expect(exact.layers.a?.sqnr ?? 0).toBeGreaterThan((pytorch.layers.a?.sqnr ?? 0) + 6);
      expect(pytorch.layers.a?.maxRelError).toBeLessThan(1e-5);
    },
  );

  it('part where PyTorch drops a scale: the layer, its rows and its error', async () => {
    const comparison = await comparisonOf(modelOf(connected), data(), { equalization: allBut(['a']) });
    expect(at(comparison, 'a')[0]?.exact).toMatch(/multiplies the rows of a by/);
    expect(at(comparison, 'a')[0]?.pytorch).toBe('PyTorch leaves the rows of a as they are.');
    expect(at(comparison, 'b')[0]).toMatchObject({
      exact: 'Exact folds the scale of b into the rows of a: no run-time cost.',
      pytorch: expect.stringContaining('expects a to multiply by it, but nothing does'),
    });
    expect(comparison.pytorch.maxRelError).toBeGreaterThan(0.1);
    expect(comparison.pytorch.layers).toMatchObject({ a: { maxRelError: 0 } });
    expect(comparison.pytorch.layers.b?.maxRelError).toBeGreaterThan(0.1);
    expect(comparison.exact.layers.b?.maxRelError).toBeLessThan(1e-5);
  });

  it('part at one column of a scale: the column is named where the whole spans the same', async () => {
    const plain = await runPipeline(modelOf(connected), data());
    const decision = plain.equalize.result.decisions.find(({ layer }) => layer === 'b');
    const scale = decision?.decision === 'fold' ? Array.from(decision.scale?.values ?? []) : [];
    const order = scale.map((_, column) => column).sort((p, q) => (scale[p] ?? 0) - (scale[q] ?? 0));
    const [middle = 0] = order.slice(2, 3);
    // Between its neighbours in size, so that least and most stay what they were.
    const value = ((scale[order[1] ?? 0] ?? 0) + (scale[order[0] ?? 0] ?? 0)) / 2;
    const byHand = { methods: {}, scales: { b: { [middle]: value } } };
    const comparison = await comparisonOf(modelOf(connected), data(), { byHand });
    const [told] = at(comparison, 'b');
    expect(told?.exact).toContain(`(column ${middle}: `);
    expect(told?.pytorch).toContain(`(column ${middle}: `);
    expect(told?.exact.replace('Exact', 'PyTorch')).not.toBe(told?.pytorch);
  });

  it('part where PyTorch hands scaled values to another reader', async () => {
    const model = modelOf((g) => {
      const a = g.module('a', 'x', linear(6, 5));
      return [g.module('b', a, linear(5, 4)), a];
    });
    const comparison = await comparisonOf(model, data());
    expect(at(comparison, 'output')).toEqual([
      {
        node: 'output',
        also: [],
        layer: 'a',
        exact: 'Exact lets output read a as it always was.',
        pytorch:
          'PyTorch lets output read a as the scaled rows of a make it: it sees scaled values, and nothing divides the scale out.',
      },
    ]);
    expect(at(comparison, 'b')[0]?.exact).toContain('also read by output');
  });

  it('part where PyTorch skips the readers of one tensor', async () => {
    const model = modelOf((g) =>
      g.call('add', 'operator.add', g.module('q', 'x', linear(6, 4)), g.module('k', 'x', linear(6, 4))),
    );
    const comparison = await comparisonOf(model, data());
    expect(at(comparison, 'q')[0]?.pytorch).toBe('PyTorch skips it: other quantized ops read x too.');
    expect(at(comparison, 'x_activation_post_process_0')[0]).toMatchObject({
      also: ['quantize_per_tensor'],
      layer: 'q',
      pytorch: expect.stringContaining('it does not scale these values'),
    });
  });

  it('part in histograms, which PyTorch merges batch by batch', async () => {
    const model = modelOf((g) => g.module('a', 'x', linear(6, 5)));
    const { differences } = await comparisonOf(model, data(), { qconfig: 'fbgemm' });
    expect(differences.map(({ node }) => node)).toEqual([
      'x_activation_post_process_0',
      'a_activation_post_process_0',
    ]);
    for (const { exact, pytorch } of differences) {
      expect(exact).toMatch(/scale [\d.]+, zero point \d+/);
      expect(exact.replace('Exact', '')).not.toBe(pytorch.replace('PyTorch', ''));
    }
  });

  it('part at a fixed range that PyTorch keeps', async () => {
    const model = modelOf((g) =>
      g.module('b', g.call('sigmoid', 'torch.sigmoid', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    );
    expect(told(await comparisonOf(model, data()))).toEqual([
      expect.stringMatching(
        /^sigmoid_activation.*PyTorch keeps the op's fixed parameters here.*scaled now\.$/,
      ),
    ]);
  });
});

describe('an error of one semantics', () => {
  it('is a result, told on the node at fault; the other one has its figures', async () => {
    const model = modelOf((g) => g.module('a', 'x', linear(6, 5)));
    const comparison = await comparisonOf(model, [testBatch(8, [5, 6])]);
    expect(comparison.differences).toEqual([
      {
        node: 'a',
        also: [],
        layer: null,
        exact: 'Exact runs through.',
        pytorch: expect.stringMatching(/^PyTorch 1\.13\.1 stops here: /),
      },
    ]);
    expect(comparison.pytorch).toMatchObject({ maxRelError: null, sqnr: null, error: { node: 'a' } });
    expect(comparison.exact.error).toBeNull();
    expect(comparison.exact.sqnr).toBeGreaterThan(20);
  });
});

describe('a cancel', () => {
  it('while the other semantics runs is an outcome, not an error', async () => {
    const { load, ...steps } = await runPipeline(modelOf(connected), data());
    const own = ownRun('exact', steps);
    const controller = new AbortController();
    const job = { signal: controller.signal, progress: () => controller.abort(new Error('Cancel')) };
    const settings = DEFAULT_SETTINGS;
    expect(await compareSemantics(load, own, settings, data(), job)).toEqual({
      kind: 'stopped',
      reason: 'It was cancelled. Run Convert again for it.',
    });
    expect((await compareSemantics(load, own, settings, data(), quietJob)).kind).toBe('compared');
  });
});
