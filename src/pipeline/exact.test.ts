import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { nodeName } from '../graph/ids';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import { isNodeRef } from '../graph/node';
import { printGraph } from '../graph/print';
import { floatTensor } from '../graph/tensor';
import { floatModel } from '../quant/floatModel';
import { allBut, normal, runPipeline, testBatch } from './testRun';

const random = normal(7);
const values = (...shape: number[]) =>
  floatTensor(shape, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random));

const linear = (inFeatures: number, outFeatures: number, bias = true) => ({
  type: 'torch.nn.Linear',
  attrs: { in_features: inFeatures, out_features: outFeatures, bias },
  tensors: { weight: values(outFeatures, inFeatures), ...(bias && { bias: values(outFeatures) }) },
});

/** Builds `x → … → output`; the callback gets the builder and returns the output's node. */
function model(build: (g: TestModel) => string | readonly string[]): Model {
  const g = new TestModel();
  g.input('x');
  const output = build(g);
  return typeof output === 'string' ? g.build(output) : g.build(...output);
}

const decisionsOf = async (m: Model, settings = {}) => {
  const run = await runPipeline(m, [testBatch(32, [6]), testBatch(7, [6], 'x', 2)], settings);
  const decisions = Object.fromEntries(
    run.equalize.result.decisions.map((d) => [
      d.layer,
      d.decision === 'fold' ? `fold ${d.producer}` : d.decision,
    ]),
  );
  return { run, decisions, error: run.equalize.verification.maxRelError };
};

beforeAll(() => openTestDevice('cpu'));

/** The defects of PyTorch's pass that DESIGN lists, and what exact semantics makes of them. */
const TRAPS: Record<
  string,
  { graph: (g: TestModel) => string | readonly string[]; expected: Record<string, string> }
> = {
  'connected layers': {
    graph: (g) => g.module('b', g.module('a', 'x', linear(6, 5)), linear(5, 4)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'ReLU between, fused': {
    graph: (g) =>
      g.module(
        'b',
        g.call('relu', 'torch.nn.functional.relu', g.module('a', 'x', linear(6, 5))),
        linear(5, 4),
      ),
    expected: { a: 'mul', b: 'fold a' },
  },
  'ReLU between, not fused': {
    graph: (g) => g.module('b', g.call('relu', 'torch.relu', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'LeakyReLU and Dropout between': {
    graph: (g) => {
      const leaky = g.call(
        'leaky_relu',
        'torch.nn.functional.leaky_relu',
        g.module('a', 'x', linear(6, 5)),
        0.1,
      );
      return g.module('b', g.module('drop', leaky, { type: 'torch.nn.Dropout' }), linear(5, 4));
    },
    expected: { a: 'mul', b: 'fold a' },
  },
  'a Tanh named like a ReLU': {
    graph: (g) =>
      g.module('b', g.call('relu_like', 'torch.tanh', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'mul' },
  },
  'a residual': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      return g.call('add', 'operator.add', g.module('b', a, linear(5, 5)), a);
    },
    expected: { a: 'mul', b: 'mul' },
  },
  'the tensor is also an output': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      return [g.module('b', a, linear(5, 4)), a];
    },
    expected: { a: 'mul', b: 'mul' },
  },
  'a module called twice': {
    graph: (g) => g.again('a_1', 'a', g.module('a', 'x', linear(6, 6))),
    expected: { a: 'skip', a_1: 'skip' },
  },
  'a producer called twice': {
    graph: (g) => {
      const first = g.again('a_1', 'a', g.module('a', 'x', linear(6, 6)));
      return g.module('b', first, linear(6, 3));
    },
    expected: { a: 'skip', a_1: 'skip', b: 'mul' },
  },
  'q, k and v share one input': {
    graph: (g) => {
      const q = g.module('q', 'x', linear(6, 4));
      const k = g.module('k', 'x', linear(6, 4));
      return g.call(
        'add_1',
        'operator.add',
        g.call('add', 'operator.add', q, k),
        g.module('v', 'x', linear(6, 4)),
      );
    },
    expected: { q: 'mul', k: 'mul', v: 'mul' },
  },
  'two layers fold into one producer': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      const relu = g.call('relu', 'torch.nn.functional.relu', a);
      return g.call(
        'add',
        'operator.add',
        g.module('b', relu, linear(5, 3)),
        g.module('c', relu, linear(5, 3)),
      );
    },
    expected: { a: 'mul', b: 'fold a', c: 'fold a' },
  },
  'no bias': {
    graph: (g) => g.module('b', g.module('a', 'x', linear(6, 5, false)), linear(5, 4, false)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'a functional layer': {
    graph: (g) => {
      const weight = g.constant('w', values(5, 6));
      const f = g.call('f', 'torch.nn.functional.linear', 'x', weight, g.constant('bias', values(5)));
      return g.module('b', g.call('relu', 'torch.nn.functional.relu', f), linear(5, 4));
    },
    expected: { f: 'mul', b: 'fold f' },
  },
  'x is read by something else too': {
    graph: (g) =>
      g.call('add', 'operator.add', g.module('a', 'x', linear(6, 6)), g.call('div', 'torch.div', 'x', 2)),
    expected: { a: 'mul' },
  },
  'sigmoid in front': {
    graph: (g) =>
      g.module('b', g.call('sigmoid', 'torch.sigmoid', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'mul' },
  },
};

describe('exact semantics', () => {
  it.each(Object.entries(TRAPS))('keeps the float function: %s', async (_, { graph, expected }) => {
    const { decisions, error, run } = await decisionsOf(model(graph));
    expect(decisions).toEqual(expected);
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(run.equalize.failed).toBe(false);
    expect(run.convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(10);
  });

  it('gives layers of one tensor one scale', async () => {
    const { run } = await decisionsOf(model(TRAPS['q, k and v share one input']?.graph ?? (() => 'x')));
    const [q, k, v] = run.equalize.result.decisions.map((d) => d.scale?.values);
    expect(q).toEqual(k);
    expect(q).toEqual(v);
  });

  it('keeps the function when only the second of two connected layers is selected', async () => {
    const { decisions, error } = await decisionsOf(model(TRAPS['connected layers']?.graph ?? (() => 'x')), {
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
    const { run } = await decisionsOf(model(TRAPS['connected layers']?.graph ?? (() => 'x')));
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
    const m = model(TRAPS['connected layers']?.graph ?? (() => 'x'));
    const exact = (await decisionsOf(m)).run.convert.outputs.equalized.sqnr ?? 0;
    const pytorch = (await decisionsOf(m, { semantics: 'pytorch' })).run.convert.outputs.equalized.sqnr ?? 0;
    expect(exact).toBeGreaterThan(pytorch);
  });
});

describe('pytorch semantics reproduces the defects', () => {
  it.each(['a Tanh named like a ReLU', 'a residual'])('%s', async (name) => {
    const { run, error } = await decisionsOf(model(TRAPS[name]?.graph ?? (() => 'x')), {
      semantics: 'pytorch',
    });
    if (name === 'a Tanh named like a ReLU') expect(error).toBeGreaterThan(0.01);
    expect(run.equalize.failed).toBe(false);
    expect(run.equalize.warning === null).toBe(error <= 1e-4);
  });
});

describe('the seed', () => {
  it('prints the graphs of its first paragraph', async () => {
    const g = new TestModel();
    const linear1 = g.module('linear1', g.input('x'), linear(2, 2));
    const run = await runPipeline(g.build(g.module('linear2', linear1, linear(2, 2))), [testBatch(9, [2])]);
    expect(printGraph(run.equalize.model.graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %x_equalization_scale0 : [#users=1] = get_attr[target=x_equalization_scale0]
    %mul : [#users=1] = call_function[target=torch.mul](args = (%x, %x_equalization_scale0), kwargs = {})
    %x_activation_post_process_0 : [#users=1] = call_module[target=x_activation_post_process_0](args = (%mul,), kwargs = {})
    %linear1 : [#users=1] = call_module[target=linear1](args = (%x_activation_post_process_0,), kwargs = {})
    %linear1_activation_post_process_0 : [#users=1] = call_module[target=linear1_activation_post_process_0](args = (%linear1,), kwargs = {})
    %linear2 : [#users=1] = call_module[target=linear2](args = (%linear1_activation_post_process_0,), kwargs = {})
    %linear2_activation_post_process_0 : [#users=1] = call_module[target=linear2_activation_post_process_0](args = (%linear2,), kwargs = {})
    return linear2_activation_post_process_0`);
    expect(printGraph(run.convert.model.graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %x_equalization_scale0 : [#users=1] = get_attr[target=x_equalization_scale0]
    %mul : [#users=1] = call_function[target=torch.mul](args = (%x, %x_equalization_scale0), kwargs = {})
    %linear1_input_scale_0 : [#users=1] = get_attr[target=linear1_input_scale_0]
    %linear1_input_zero_point_0 : [#users=1] = get_attr[target=linear1_input_zero_point_0]
    %quantize_per_tensor : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%mul, %linear1_input_scale_0, %linear1_input_zero_point_0, torch.quint8), kwargs = {})
    %linear1 : [#users=1] = call_module[target=linear1](args = (%quantize_per_tensor,), kwargs = {})
    %linear2 : [#users=1] = call_module[target=linear2](args = (%linear1,), kwargs = {})
    %dequantize : [#users=1] = call_method[target=dequantize](args = (%linear2,), kwargs = {})
    return dequantize`);
  });
});

describe('exact semantics does not waste bits', () => {
  it('quantizes a flattened input once, behind the mul', async () => {
    const m = model((g) => g.module('a', g.call('flatten', 'torch.flatten', 'x', 1), linear(24, 5)));
    const run = await runPipeline(m, [testBatch(32, [4, 6])]);
    const names = run.equalize.model.graph.nodes.map((node) => node.name as string);
    expect(names).toContain('flatten_activation_post_process_0');
    expect(names).not.toContain('x_activation_post_process_0');
    expect(run.convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(run.convert.outputs.plain.sqnr ?? 99);
  });

  it('leaves a layer alone whose scales would all be 1', async () => {
    const { decisions, run } = await decisionsOf(model((g) => g.module('a', 'x', linear(6, 1))));
    expect(decisions).toEqual({ a: 'skip' });
    const names = run.equalize.model.graph.nodes.map((node) => node.name as string);
    expect(names).toEqual(['x', 'x_activation_post_process_0', 'a', 'a_activation_post_process_0', 'output']);
  });
});

describe('the check of the float function', () => {
  it('compares with the loaded model: modules named like the studio’s own keep their work', async () => {
    const g = new TestModel();
    const a = g.module('a', g.input('x'), linear(6, 6));
    g.module('x_activation_post_process_0', a, { type: 'torch.nn.Tanh' });
    const built = g.build('x_activation_post_process_0');
    const rename = (name: string) => (name === 'x_activation_post_process_0' ? 't' : name);
    const nodes = built.graph.nodes.map((node) => ({
      ...node,
      name: rename(node.name),
      args: node.args.map((arg) => (isNodeRef(arg) ? { node: nodeName(rename(arg.node)) } : arg)),
    }));
    const run = await runPipeline({ ...built, graph: { nodes: nodes as never } }, [testBatch(16, [6])]);
    expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    expect(printGraph(floatModel(run.equalize.model).graph)).toContain('target=x_activation_post_process_0');
  });

  it('refuses names that every JavaScript object has', () => {
    const g = new TestModel();
    const m = g.build(g.module('constructor', g.input('x'), { type: 'torch.nn.Tanh' }));
    expect(() => lint(m)).toThrow("'constructor', which the studio reserves");
  });

  it('fails when nothing could be compared', async () => {
    const batch = testBatch(8, [6]);
    for (const x of Object.values(batch.inputs)) x.data.fill(Number.NaN);
    const run = await runPipeline(
      model((g) => g.module('b', g.module('a', 'x', linear(6, 5)), linear(5, 4))),
      [batch],
    );
    expect(run.equalize.failed).toBe(true);
    expect(run.equalize.warning).toContain('could not be compared');
  });

  it('equalizes F.linear called by keyword', async () => {
    const m = model((g) => g.call('f', 'torch.nn.functional.linear', 'x', g.constant('w', values(5, 6))));
    const nodes = m.graph.nodes.map((node) =>
      node.name === 'f'
        ? { ...node, args: [], kwargs: { input: node.args[0] ?? null, weight: node.args[1] ?? null } }
        : node,
    );
    const { decisions, error } = await decisionsOf({ ...m, graph: { nodes } });
    expect(decisions).toEqual({ f: 'mul' });
    expect(error).toBeLessThanOrEqual(1e-5);
  });
});

describe('an equalized model that is opened again', () => {
  it('keeps its muls in float, gets no second ones, and does as well', async () => {
    const batches = [testBatch(64, [6])];
    const first = await runPipeline(
      model((g) => g.module('b', g.module('a', 'x', linear(6, 5)), linear(5, 4))),
      batches,
    );
    const again = await runPipeline(floatModel(first.equalize.model), batches);
    expect(again.equalize.result.decisions.map((d) => d.decision)).toEqual(['skip', 'skip']);
    const muls = again.equalize.model.graph.nodes.filter((node) => node.target === 'torch.mul');
    expect(muls).toHaveLength(1);
    const before = first.convert.outputs.equalized.sqnr ?? 0;
    expect(Math.abs((again.convert.outputs.equalized.sqnr ?? 0) - before)).toBeLessThan(0.5);
  });
});

describe('pytorch semantics on a 3-D input', () => {
  const m = () => model((g) => g.module('a', 'x', linear(6, 4)));

  it('stops where PyTorch stops: axis 1 is not the columns', async () => {
    await expect(runPipeline(m(), [testBatch(8, [7, 6])], { semantics: 'pytorch' })).rejects.toThrow(
      /axis 1 .* 7 entries, and the weight has 6 columns/,
    );
  });

  it('changes the function silently where the axes agree, as PyTorch does, and the page says so', async () => {
    const given = m();
    const shaped = { ...given, inputShapes: { [nodeName('x')]: ['n', 6, 6] } };
    const run = await runPipeline(shaped, [testBatch(8, [6, 6])], { semantics: 'pytorch' });
    expect(run.equalize.verification.maxRelError).toBeGreaterThan(0.01);
    expect(run.equalize.warning).toContain('PyTorch changes this model');
  });
});

it('a quantized output that nothing reads is observed, as prepare_fx does', async () => {
  const m = model((g) => {
    g.module('a', 'x', linear(6, 4));
    return g.module('b', g.call('tanh', 'torch.tanh', 'x'), linear(6, 4));
  });
  for (const semantics of ['exact', 'pytorch'] as const) {
    const run = await runPipeline(m, [testBatch(8, [6])], { semantics });
    expect(run.prepare.model.graph.nodes.map((node) => node.name)).toContain('a_activation_post_process_0');
    if (semantics === 'exact') expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  }
});
