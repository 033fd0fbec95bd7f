import { beforeAll, describe, expect, it } from 'vitest';
import { compareModels } from '../exec/compare';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { bytesSource, joinedParts } from '../formats/byteSource';
import { openModel } from '../formats/openModel';
import { printGraph } from '../graph/print';
import { exportModel, exportText } from './exports';
import { DEFAULT_SETTINGS, STEPS, type StepName } from './settings';
import type { Studio } from './studio';
import { quietJob, runPipeline, testBatch } from './testRun';
import { openDigits, openLinear2, sampleFile } from './testStudio';
import type { ExportedFile } from './views';

const reopen = async ({ parts, name }: ExportedFile) =>
  (await openModel([bytesSource(await joinedParts(parts), name)])).model;
const run = (studio: Studio, step: StepName) => studio.run(step, DEFAULT_SETTINGS, quietJob);
const textOf = ({ parts }: ExportedFile) => new Blob([...parts]).text();
const BEFORE: readonly StepName[] = ['load', 'prepare', 'calibrate'];
const AFTER: readonly StepName[] = ['equalize', 'convert'];

beforeAll(() => openTestDevice('cpu'));

describe('weights (.safetensors)', () => {
  it.each(BEFORE)('of %s are the model as it was opened, node for node and bit for bit', async (step) => {
    const studio = await openDigits();
    await run(studio, 'convert');
    const file = await studio.exportFile('safetensors', step);
    expect(file.name).toBe('model.safetensors');
    const { graph, modules, params } = (await openModel([sampleFile('digits/model.safetensors')])).model;
    expect(await reopen(file)).toMatchObject({ graph, modules, params });
  });

  it.each(AFTER)('of %s are the equalized float model: ReLUs apart, a mul, no observers', async (step) => {
    const studio = await openDigits();
    await run(studio, 'convert');
    const file = await studio.exportFile('safetensors', step);
    expect(file.name).toBe('model-equalized.safetensors');
    const model = await reopen(file);
    expect(printGraph(model.graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %x_equalization_scale0 : [#users=1] = get_attr[target=x_equalization_scale0]
    %mul : [#users=1] = call_function[target=torch.mul](args = (%x, %x_equalization_scale0), kwargs = {})
    %linear1 : [#users=1] = call_module[target=linear1](args = (%mul,), kwargs = {})
    %relu1 : [#users=1] = call_module[target=relu1](args = (%linear1,), kwargs = {})
    %linear2 : [#users=1] = call_module[target=linear2](args = (%relu1,), kwargs = {})
    %relu2 : [#users=1] = call_module[target=relu2](args = (%linear2,), kwargs = {})
    %linear3 : [#users=1] = call_module[target=linear3](args = (%relu2,), kwargs = {})
    return linear3`);
    expect(Object.values(model.modules).map(({ type }) => type)).toEqual([
      'torch.nn.Linear',
      'torch.nn.ReLU',
      'torch.nn.Linear',
      'torch.nn.ReLU',
      'torch.nn.Linear',
    ]);
  });
});

describe.each(['safetensors', 'onnx'] as const)('the equalized model as .%s', (kind) => {
  it('re-opens and computes what the original computes', async () => {
    const studio = await openDigits();
    await run(studio, 'equalize');
    const equalized = await reopen(await studio.exportFile(kind, 'equalize'));
    const original = (await openModel([sampleFile('digits/model.safetensors')])).model;
    const { outputs } = await compareModels(original, equalized, [testBatch(50, [64])], [], quietJob);
    expect(outputs.maxRelError).toBeLessThan(1e-5);
    expect(outputs.maxAbsError).toBeGreaterThan(0);
  });

  it('can be taken through all steps again', async () => {
    const studio = await openLinear2();
    await run(studio, 'equalize');
    const { parts, name } = await studio.exportFile(kind, 'equalize');
    await studio.openModel([bytesSource(await joinedParts(parts), name)]);
    await studio.openCalibration([sampleFile('linear2/calibration.npy')]);
    const view = await run(studio, 'convert');
    expect(Object.keys(view.steps)).toEqual([...STEPS]);
    expect(view.steps.equalize?.failed).toBe(false);
  });
});

describe('the graph as text', () => {
  it.each(STEPS)('of %s is the text that the page shows', async (step) => {
    const studio = await openLinear2();
    const { steps } = await run(studio, 'convert');
    const file = await studio.exportFile('text', step);
    expect(file).toMatchObject({ name: `model-${step}.txt`, mime: 'text/plain' });
    expect(await textOf(file)).toBe(`${steps[step]?.graph.text}\n`);
  });

  it('of a step that has not run is refused', async () => {
    const studio = await openLinear2();
    await expect(studio.exportFile('text', 'equalize')).rejects.toThrow("'equalize' has not been run");
  });
});

describe('a model whose check failed', () => {
  const chain = () => {
    const g = new TestModel();
    g.input('x');
    const square = [
      [1, 2],
      [3, 4],
    ];
    return g.build(g.linear('b', g.linear('a', 'x', square), square));
  };

  it('says so in its name; as it was before equalization it has none to say', async () => {
    const model = chain();
    const snapshots = await runPipeline(model, [testBatch(8, [2])]);
    const failed = { ...snapshots, equalize: { ...snapshots.equalize, failed: true } };
    const opened = { model, format: 'fx' as const, notes: [], onnx: null };
    const nameAt = async (step: StepName) =>
      (await exportModel('safetensors', opened, failed, step, DEFAULT_SETTINGS)).name;
    for (const step of AFTER) expect(await nameAt(step)).toBe('test-equalized-check-failed.safetensors');
    expect(await nameAt('calibrate')).toBe('test.safetensors');
    expect(await textOf(exportText(failed, 'equalize', 'lowered'))).toContain('%mul');
  });
});
