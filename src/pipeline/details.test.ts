import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { GraphError } from '../graph/errors';
import { DEFAULT_SETTINGS, STEPS, type StepName } from './settings';
import type { Studio } from './studio';
import { quietJob } from './testRun';
import { openDigits, openLinear2 } from './testStudio';

beforeAll(() => openTestDevice('cpu'));

const OBSERVER = 'linear1_activation_post_process_0';

/** The inspector of a node when all steps are done, and when only those up to `step` are. */
async function twoStudios(step: StepName, open: () => Promise<Studio>) {
  const [whole, part] = [await open(), await open()];
  await whole.run('convert', DEFAULT_SETTINGS, quietJob);
  if (step !== 'load') await part.run(step, DEFAULT_SETTINGS, quietJob);
  return { whole, part };
}

describe('the inspector', () => {
  it.each(STEPS)('at %s shows nothing that a later step found out, of any node', async (step) => {
    const { whole, part } = await twoStudios(step, openLinear2);
    const nodes = part.view().steps[step]?.graph.nodes ?? [];
    expect(nodes.length).toBeGreaterThan(3);
    for (const { name } of nodes) expect(whole.inspect(step, name)).toEqual(part.inspect(step, name));
  });

  it('of a layer shows more from step to step', async () => {
    const studio = await openDigits();
    await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const shown = (step: StepName) => {
      const { input, inputHistogram, weight, weightHistogram, scale, observer, layer } = studio.inspect(
        step,
        'linear2',
      );
      expect(observer).toBeNull();
      expect(inputHistogram === null).toBe(input === null);
      return [
        input !== null && 'input',
        input?.after && 'scaled input',
        weight !== null && weightHistogram && 'weight',
        weight?.after && 'scaled weight',
        scale && 'scale',
        layer?.decision,
        layer?.sqnr.equalized && 'SQNR',
      ].filter(Boolean);
    };
    expect(shown('load')).toEqual(['weight']);
    expect(shown('prepare')).toEqual(['weight']);
    expect(shown('calibrate')).toEqual(['input', 'weight']);
    const equalized = ['input', 'scaled input', 'weight', 'scaled weight', 'scale', 'fold'];
    expect(shown('equalize')).toEqual(equalized);
    expect(shown('convert')).toEqual([...equalized, 'SQNR']);
  });

  it('of a layer: scaled ranges are the ranges times the scale', async () => {
    const studio = await openDigits();
    await studio.run('equalize', DEFAULT_SETTINGS, quietJob);
    const { input, weight, scale } = studio.inspect('equalize', 'linear3');
    for (const c of [0, 1, 40, 63]) {
      const s = scale?.[c] ?? 0;
      expect(input?.after?.max[c]).toBe(Math.fround((input?.before.max[c] ?? 0) * s));
      const width = (range: { min: Float32Array; max: Float32Array } | null | undefined) =>
        (range?.max[c] ?? 0) - (range?.min[c] ?? 0);
      expect((width(weight?.after) * s) / width(weight?.before)).toBeCloseTo(1, 5);
    }
  });

  it('of an observer shows its range and parameters, scaled after equalization', async () => {
    const studio = await openLinear2();
    await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const at = (step: StepName) => studio.inspect(step, OBSERVER);
    expect(at('prepare')).toMatchObject({ observer: null, input: null, shape: '[n, 2]' });
    const calibrated = at('calibrate').observer;
    expect(calibrated?.after).toBeNull();
    const equalized = at('equalize').observer;
    expect(equalized?.before).toEqual(calibrated?.before);
    expect(equalized?.after?.max).not.toBe(equalized?.before.max);
    const { min = 0, max = 0, scale } = equalized?.after ?? {};
    expect(scale).toBeCloseTo((Math.max(max, 0) - Math.min(min, 0)) / 127, 6);
    expect(at('equalize').layer).toBeNull();
  });

  it('tells what a node is, reads and feeds', async () => {
    const studio = await openDigits();
    await studio.run('prepare', DEFAULT_SETTINGS, quietJob);
    expect(studio.inspect('load', 'linear1')).toMatchObject({
      name: 'linear1',
      step: 'load',
      line: '%linear1 : [#users=1] = call_module[target=linear1](args = (%x,), kwargs = {})',
      opcode: 'call_module',
      type: 'torch.nn.Linear',
      shape: '[n, 128]',
      inputs: ['x'],
      users: ['relu1'],
      attributes: [
        ['in_features', '64'],
        ['out_features', '128'],
        ['bias', 'true'],
      ],
      layer: { name: 'linear1', shape: '128×64', selected: true, decision: null },
    });
    const fused = studio.inspect('prepare', 'linear1');
    expect(fused.type).toBe('torch.nn.intrinsic.LinearReLU');
    expect(fused.attributes.map(([key]) => key)).toEqual(['in_features', 'out_features', 'bias']);
    expect(studio.inspect('load', 'x')).toMatchObject({
      opcode: 'placeholder',
      layer: null,
      users: ['linear1'],
    });
  });

  it('refuses a node that the step does not have', async () => {
    const studio = await openLinear2();
    await studio.run('prepare', DEFAULT_SETTINGS, quietJob);
    for (const [step, node] of [
      ['load', OBSERVER],
      ['prepare', 'mul'],
      ['convert', 'x'],
    ] as const)
      expect(() => studio.inspect(step, node)).toThrow(
        new GraphError(`The graph after '${step}' has no node '${node}'.`, node),
      );
  });
});
