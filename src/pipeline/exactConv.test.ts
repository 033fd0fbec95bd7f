import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import type { TestModel } from '../exec/testModel';
import { to } from '../graph/testGraph';
import { conv, decisionsOf, linear, model, values } from './testExact';
import { runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

const F = 'torch.nn.functional';
const relu = (g: TestModel, x: string) => g.call('relu', `${F}.relu`, x);

interface Case {
  readonly graph: (g: TestModel) => string | readonly string[];
  /** One sample: channels first. */
  readonly sample: readonly number[];
  readonly expected: Readonly<Record<string, string>>;
}

const CASES: Record<string, Case> = {
  'Conv2d behind Conv2d with ReLU and a pool between': {
    graph: (g) => {
      const a = relu(g, g.module('a', 'x', conv(2, 3, 4)));
      const pool = g.module('pool', a, { type: 'torch.nn.MaxPool2d', attrs: { kernel_size: 2 } });
      return g.module('b', pool, conv(2, 4, 5));
    },
    sample: [3, 8, 6],
    expected: { a: 'mul', b: 'fold a' },
  },
  'Conv1d and Linear behind a permute': {
    graph: (g) => {
      const a = g.module('a', 'x', conv(1, 3, 4));
      return g.module('b', g.method('last', 'permute', a, 0, 2, 1), linear(4, 5));
    },
    sample: [3, 7],
    expected: { a: 'mul', b: 'fold a' },
  },
  'Linear, transpose, Conv1d': {
    graph: (g) =>
      g.module('b', g.method('t', 'transpose', g.module('a', 'x', linear(3, 4)), 1, 2), conv(1, 4, 5)),
    sample: [7, 3],
    expected: { a: 'mul', b: 'fold a' },
  },
  'Linear over the width of what a convolution makes': {
    graph: (g) => g.module('b', g.module('a', 'x', conv(2, 3, 4)), linear(6, 5)),
    sample: [3, 8, 6],
    expected: { a: 'mul', b: 'mul' },
  },
  'a grouped convolution reads and is read': {
    graph: (g) => {
      const a = relu(g, g.module('a', 'x', conv(2, 4, 6, { groups: 2 })));
      return g.module('c', g.module('b', a, conv(2, 6, 9, { groups: 3 })), conv(2, 9, 2, { bias: false }));
    },
    sample: [4, 5, 5],
    expected: { a: 'mul', b: 'fold a', c: 'fold b' },
  },
  'pointwise, depthwise, pointwise': {
    graph: (g) => {
      const a = relu(g, g.module('a', 'x', conv(2, 3, 6, { kernel: 1 })));
      const b = g.module('b', a, conv(2, 6, 6, { groups: 6 }));
      return g.module('c', g.call('relu_1', `${F}.relu`, b), conv(2, 6, 4, { kernel: 1 }));
    },
    sample: [3, 6, 6],
    expected: { a: 'mul', b: 'fold a', c: 'fold b' },
  },
  'a depthwise convolution of one weight a channel': {
    graph: (g) => g.module('a', 'x', conv(1, 3, 3, { groups: 3, kernel: 1 })),
    sample: [3, 6],
    expected: { a: 'skip' },
  },
  'Conv3d and an average pool': {
    graph: (g) => {
      const a = g.module('a', 'x', conv(3, 2, 3));
      return g.module('b', g.call('pool', `${F}.avg_pool3d`, a, 2), conv(3, 3, 4));
    },
    sample: [2, 4, 4, 4],
    expected: { a: 'mul', b: 'fold a' },
  },
  'a batch normalization that folds, and a global pool': {
    graph: (g) => {
      const tensors = {
        weight: values(4),
        bias: values(4),
        running_mean: values(4),
        running_var: { ...values(4), data: Float32Array.of(0.5, 1, 2, 3) },
      };
      const a = g.module('bn', g.module('a', 'x', conv(2, 3, 4)), {
        type: 'torch.nn.BatchNorm2d',
        attrs: { num_features: 4 },
        tensors,
      });
      const pool = g.call('pool', `${F}.adaptive_avg_pool2d`, relu(g, a), 1);
      return g.module('b', pool, conv(2, 4, 5, { kernel: 1 }));
    },
    sample: [3, 5, 5],
    expected: { a: 'mul', b: 'fold a' },
  },
  'functional convolutions': {
    graph: (g) => {
      const a = g.call(
        'a',
        `${F}.conv2d`,
        'x',
        g.constant('w', values(4, 3, 3, 3)),
        g.constant('c', values(4)),
      );
      return g.call('b', `${F}.conv2d`, relu(g, a), g.constant('v', values(6, 2, 1, 1)), null, 1, 0, 1, 2);
    },
    sample: [3, 6, 6],
    expected: { a: 'mul', b: 'fold a' },
  },
  'a residual': {
    graph: (g) => {
      const a = g.module('a', 'x', conv(2, 4, 4));
      return g.call('add', 'operator.add', g.module('b', a, conv(2, 4, 4)), a);
    },
    sample: [4, 5, 5],
    expected: { a: 'mul', b: 'mul' },
  },
  'a module called twice, and what reads it': {
    graph: (g) => g.module('b', g.again('a_1', 'a', g.module('a', 'x', conv(2, 3, 3))), conv(2, 3, 2)),
    sample: [3, 5, 5],
    expected: { a: 'skip', a_1: 'skip', b: 'mul' },
  },
  'two branches of one convolution': {
    graph: (g) => {
      const a = relu(g, g.module('a', 'x', conv(2, 3, 4)));
      const pool = g.call('pool', `${F}.max_pool2d`, a, 3, 1, 1);
      const branches = [to(g.module('b', a, conv(2, 4, 2))), to(g.module('c', pool, conv(2, 4, 2)))];
      return g.call('cat', 'torch.cat', branches, 1);
    },
    sample: [3, 6, 6],
    expected: { a: 'mul', b: 'fold a', c: 'fold a' },
  },
};

describe('exact semantics with convolutions', () => {
  it.each(Object.entries(CASES))('keeps the float function: %s', async (_, { graph, sample, expected }) => {
    const { decisions, error, run } = await decisionsOf(model(graph), {}, sample);
    expect(decisions).toEqual(expected);
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(run.convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(10);
  });

  it('gives the same value two scales where a convolution and a Linear read it', async () => {
    const both = model((g) => [g.module('a', 'x', conv(2, 4, 3)), g.module('b', 'x', linear(5, 3))]);
    const { decisions, error, run } = await decisionsOf(both, {}, [4, 6, 5]);
    expect(decisions).toEqual({ a: 'mul', b: 'mul' });
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(run.equalize.result.decisions.map((d) => d.scale?.values.length)).toEqual([4, 5]);
    const { params } = run.equalize.model;
    const scales = Object.entries(params).filter(([name]) => name.includes('equalization_scale'));
    expect(scales.map(([, { shape }]) => shape)).toEqual([[4, 1, 1], [5]]);
  });

  it('takes one sample without a batch axis', async () => {
    const m = model((g) => g.module('b', relu(g, g.module('a', 'x', conv(2, 5, 4))), conv(2, 4, 3)));
    const run = await runPipeline(m, [testBatch(5, [6, 7])]);
    expect(run.equalize.result.decisions.map((d) => d.decision)).toEqual(['mul', 'fold']);
    expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  });
});

describe('int8 of an equalized convolution', () => {
  it('beats plain int8 where the channels are uneven', async () => {
    // Channels of 1 to 60 times the range, which the next convolution makes equal again: all count alike.
    const spread = (channel: number) => 10 ** (channel / 4);
    const [a, b] = [conv(2, 3, 8), conv(2, 8, 4)];
    a.tensors.weight.data.forEach((value, i, data) => {
      data[i] = value * spread(Math.floor(i / 27));
    });
    b.tensors.weight.data.forEach((value, i, data) => {
      data[i] = value / spread(Math.floor(i / 9) % 8);
    });
    const uneven = model((g) => g.module('b', relu(g, g.module('a', 'x', a)), b));
    const { run } = await decisionsOf(uneven, {}, [3, 8, 8]);
    const { plain, equalized } = run.convert.layers;
    const gain = (name: string) => (equalized.get(name)?.sqnr ?? 0) - (plain.get(name)?.sqnr ?? 99);
    expect(gain('b')).toBeGreaterThan(3);
    expect(run.convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(
      (run.convert.outputs.plain.sqnr ?? 99) + 3,
    );
  });

  it('keeps what a pool moves on one grid', async () => {
    const m = model(CASES['Conv2d behind Conv2d with ReLU and a pool between']?.graph ?? (() => 'x'));
    const { run } = await decisionsOf(m, {}, [3, 8, 6]);
    const { observers } = run.equalize.model;
    expect(observers['pool_activation_post_process_0' as never]?.sharesWith).toBe(
      'a_activation_post_process_0',
    );
  });
});
