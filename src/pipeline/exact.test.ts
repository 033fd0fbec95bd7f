import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { nodeName } from '../graph/ids';
import { decisionsOf, linear, model } from './testExact';
import { allBut, runPipeline, testBatch } from './testRun';
import { TRAPS, trap } from './testTraps';

beforeAll(() => openTestDevice('cpu'));

describe('exact semantics', () => {
  it.each(Object.entries(TRAPS))('keeps the float function: %s', async (_, { graph, expected }) => {
    const { decisions, error, run } = await decisionsOf(model(graph));
    expect(decisions).toEqual(expected);
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(run.equalize.failed).toBe(false);
    expect(run.convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(10);
  });

  it('gives layers of one tensor one scale', async () => {
    const { run } = await decisionsOf(model(trap('q, k and v share one input')));
    const [q, k, v] = run.equalize.result.decisions.map((d) => d.scale?.values);
    expect(q).toEqual(k);
    expect(q).toEqual(v);
  });

  it('keeps the function when only the second of two connected layers is selected', async () => {
    const { decisions, error } = await decisionsOf(model(trap('connected layers')), {
      equalization: allBut(['a']),
    });
    expect(decisions).toEqual({ a: 'skip', b: 'fold a' });
    expect(error).toBeLessThanOrEqual(1e-5);
  });

  it('equalizes the last axis of a 3-D input', async () => {
    const m = model((g) => g.module('b', g.module('a', 'x', linear(6, 6)), linear(6, 4)));
    const run = await runPipeline(m, [testBatch(5, [6, 6])]);
    expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  });

  it('gives constant, NaN and infinite columns scale 1 and reports them', async () => {
    const batch = testBatch(32, [6]);
    const [x] = Object.values(batch.inputs);
    for (let row = 0; row < 32; row++) if (x) x.data[row * 6] = 3;
    if (x) [x.data[1], x.data[2]] = [Number.NaN, Number.POSITIVE_INFINITY];
    const run = await runPipeline(
      model((g) => g.module('a', 'x', linear(6, 4))),
      [batch],
    );
    const [decision] = run.equalize.result.decisions;
    expect(decision?.scale?.neutral).toEqual([
      { channel: 0, reason: 'zero-input-range' },
      { channel: 1, reason: 'non-finite' },
      { channel: 2, reason: 'non-finite' },
    ]);
    expect(run.calibrate.warning).toContain('NaN or infinite');
    expect(run.equalize.warning).toContain('3 columns');
  });

  it('scales every observer between a producer and its layer', async () => {
    const { run } = await decisionsOf(model(trap('connected layers')));
    const observed = run.equalize.model.observers;
    const scale =
      run.equalize.result.decisions.find((d) => d.layer === 'b')?.scale?.values ?? new Float32Array();
    const channels = run.calibrate.model.observers['a_activation_post_process_0' as never]?.channels;
    const highest = Math.max(
      ...Array.from(channels?.max ?? [], (max, c) => Math.fround(max * (scale[c] ?? 1))),
    );
    expect(observed['a_activation_post_process_0' as never]?.max).toBe(highest);
  });

  it('beats PyTorch on connected layers in int8', async () => {
    const m = model(trap('connected layers'));
    const exact = (await decisionsOf(m)).run.convert.outputs.equalized.sqnr ?? 0;
    const pytorch = (await decisionsOf(m, { semantics: 'pytorch' })).run.convert.outputs.equalized.sqnr ?? 0;
    expect(exact).toBeGreaterThan(pytorch);
  });
});

describe('pytorch semantics reproduces the defects', () => {
  it.each(['a Tanh named like a ReLU', 'a residual'])('%s', async (name) => {
    const { run, error } = await decisionsOf(model(trap(name)), {
      semantics: 'pytorch',
    });
    if (name === 'a Tanh named like a ReLU') expect(error).toBeGreaterThan(0.01);
    expect(run.equalize.failed).toBe(false);
    expect(run.equalize.warning === null).toBe(error <= 1e-4);
  });
});

describe('pytorch semantics on a 3-D input', () => {
  const m = () => model((g) => g.module('a', 'x', linear(6, 4)));

  it('stops where PyTorch stops: axis 1 is not the columns', async () => {
    await expect(runPipeline(m(), [testBatch(8, [7, 6])], { semantics: 'pytorch' })).rejects.toThrow(
      /axis 1 .* 7 entries, and the weight has 6 columns/,
    );
  });

  it('counts one column and one entry as one', async () => {
    const narrow = model((g) => g.module('a', 'x', linear(1, 4)));
    const wide = model((g) => g.module('a', 'x', linear(6, 4)));
    const stops = (given: typeof narrow, shape: readonly number[]) =>
      expect(runPipeline(given, [testBatch(8, shape)], { semantics: 'pytorch' })).rejects;
    await stops(narrow, [7, 1]).toThrow('has 7 entries, and the weight has 1 column. Exact');
    await stops(wide, [1, 6]).toThrow('has 1 entry, and the weight has 6 columns. Exact');
    await stops(wide, [1200, 6]).toThrow('has 1,200 entries, and the weight has 6 columns. Exact');
  });

  it('changes the function silently where the axes agree, as PyTorch does, and the page says so', async () => {
    const given = m();
    const shaped = { ...given, inputShapes: { [nodeName('x')]: ['n', 6, 6] } };
    const run = await runPipeline(shaped, [testBatch(8, [6, 6])], { semantics: 'pytorch' });
    expect(run.equalize.verification.maxRelError).toBeGreaterThan(0.01);
    expect(run.equalize.warning).toContain('PyTorch changes this model');
  });
});
