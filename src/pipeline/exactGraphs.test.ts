import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { paramName } from '../graph/ids';
import { printGraph } from '../graph/print';
import { floatModel } from '../quant/floatModel';
import { decisionsOf, linear, model } from './testExact';
import { runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

describe('weights that are tied under two names', () => {
  it('stay equal: their layers are skipped, and take no scale of the layers behind', async () => {
    const square = linear(6, 6);
    const m = model((g) => g.module('c', g.module('b', g.module('a', 'x', square), square), linear(6, 3)));
    const tied = { ...m, tied: [[paramName('a.weight'), paramName('b.weight')]] };
    const { decisions, run, error } = await decisionsOf(tied);
    expect(decisions).toEqual({ a: 'skip', b: 'skip', c: 'mul' });
    expect(error).toBeLessThanOrEqual(1e-5);
    const { params, tied: kept } = floatModel(run.equalize.model);
    expect(params[paramName('a.weight')]).toEqual(params[paramName('b.weight')]);
    expect(kept).toEqual(tied.tied);
    // Untied, they are two weights like any others.
    expect((await decisionsOf(m)).decisions).toEqual({ a: 'mul', b: 'fold a', c: 'fold b' });
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
