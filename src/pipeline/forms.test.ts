import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { noise } from '../exec/testModel';
import { applyChange } from '../graph/change';
import { GraphError } from '../graph/errors';
import { printGraph } from '../graph/print';
import { floatTensor } from '../graph/tensor';
import { buildModel } from '../quant/testPrepare';
import { exportText } from './exports';
import { formsOf } from './forms';
import { DEFAULT_SETTINGS } from './settings';
import { quietJob, runPipeline, testBatch } from './testRun';
import { openLinear2 } from './testStudio';
import type { ExportedFile } from './views';

beforeAll(() => openTestDevice('cpu'));

const textOf = async ({ parts }: ExportedFile) => (await new Blob([...parts]).text()).trimEnd();

describe('a converted model', () => {
  it('is drawn, inspected and exported in both forms', async () => {
    const studio = await openLinear2();
    const { steps } = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const { forms, graph, changes } = steps.convert ?? {};
    expect(forms?.error).toBeNull();
    expect(forms?.lowered).toEqual({ graph, changes });
    expect(graph?.text).toContain('%linear2 : [#users=1] = call_module[target=linear2](args = (%linear1,)');
    expect(forms?.reference.graph.text).toContain(
      '%linear2 : [#users=1] = call_module[target=linear2](args = (%dequantize_1,)',
    );
    expect(graph?.nodes.find(({ name }) => name === 'linear1')).toMatchObject({
      detail: '2 → 2, int8',
      role: 'layer',
    });
    expect(studio.inspect('convert', 'linear1').type).toBe('torch.ao.nn.quantized.Linear');
    expect(studio.inspect('convert', 'linear1', 'reference').type).toBe(
      'torch.ao.nn.quantized.reference.Linear',
    );
    expect(() => studio.inspect('convert', 'dequantize_1')).toThrow(GraphError);
    expect(studio.inspect('convert', 'dequantize_1', 'reference').users).toEqual(['linear2']);
    const lowered = await studio.exportFile('text', 'convert');
    const reference = await studio.exportFile('text', 'convert', 'reference');
    expect([lowered.name, reference.name]).toEqual(['model-convert.txt', 'model-convert-reference.txt']);
    expect(await textOf(lowered)).toBe(graph?.text);
    expect(await textOf(reference)).toBe(forms?.reference.graph.text);
  });

  it('of either form is what its changes make of the equalized one', async () => {
    const model = buildModel((g) => g.linear('b', g.linear('a', 'x', [[1, 2]]), [[3]]));
    const { equalize, convert } = await runPipeline(model, [testBatch(8, [2])]);
    for (const form of Object.values(convert.forms)) {
      if (form instanceof GraphError) throw form;
      expect(printGraph(form.changes.reduce(applyChange, equalize.model.graph))).toBe(
        printGraph(form.model.graph),
      );
    }
  });

  it('that PyTorch cannot lower has the reference form, and says at which node', async () => {
    const model = buildModel((g) =>
      g.call('c', 'torch.conv1d', 'x', g.constant('w', floatTensor([2, 2, 3], noise(12, 1)))),
    );
    const run = await runPipeline(model, [testBatch(8, [2, 4])]);
    const { convert } = run;
    expect(convert.forms.lowered).toMatchObject({ node: 'c' });
    expect(convert.model).toBe(convert.forms.reference.model);
    expect(convert.warning).toMatch(/There is no lowered form: PyTorch 1\.13\.1 cannot lower 'c'/);
    expect(convert.outputs.equalized.sqnr ?? 0).toBeGreaterThan(20);
    expect(await textOf(exportText(run, 'convert', 'lowered'))).toBe(printGraph(convert.model.graph));
  });

  it('is checked in both forms', async () => {
    const model = buildModel((g) => g.linear('a', 'x', [[1, 2]]));
    const { convert } = await runPipeline(model, [testBatch(8, [2])]);
    const { reference } = convert.forms;
    const broken = { ...reference.model, params: {} };
    const refused = new GraphError('no', 'a');
    expect(() =>
      formsOf({ reference: { model: { ...broken, keptFloat: new Set() }, changes: [] }, lowered: refused }),
    ).toThrow(GraphError);
  });
});
