import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { nodeName } from '../graph/ids';
import { lint } from '../graph/lint';
import { isNodeRef } from '../graph/node';
import { printGraph } from '../graph/print';
import { floatModel } from '../quant/floatModel';
import { decisionsOf, linear, model, values } from './testExact';
import { runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

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
