import { beforeAll, describe, expect, it } from 'vitest';
import { compareModels } from '../exec/compare';
import { openTestDevice } from '../exec/testDevice';
import type { TestModel } from '../exec/testModel';
import { bytesSource } from '../formats/byteSource';
import { writeFx } from '../formats/fx/write';
import { relativeError, runOnnx } from '../formats/onnx/testRuntime';
import { writeOnnx } from '../formats/onnx/write';
import { openModel } from '../formats/openModel';
import { floatModel } from '../quant/floatModel';
import { conv, linear, model } from './testExact';
import { quietJob, runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

const relu = (g: TestModel, name: string, x: string) => g.call(name, 'torch.nn.functional.relu', x);
const SAMPLE = [3, 6, 6];

/** Muls of three axes, a grouped convolution, a pool, and a Linear over the channels at the end. */
async function equalizedNet() {
  const net = model((g) => {
    const a = relu(g, 'relu', g.module('a', 'x', conv(2, 3, 4)));
    const pool = g.call('pool', 'torch.nn.functional.max_pool2d', a, 2);
    const b = g.module('b', pool, conv(2, 4, 6, { groups: 2 }));
    const gate = g.call('gate', 'torch.sigmoid', b);
    const c = g.module('c', gate, conv(2, 6, 4, { kernel: 1 }));
    return g.module('d', g.method('last', 'permute', relu(g, 'relu_1', c), 0, 2, 3, 1), linear(4, 2));
  });
  const run = await runPipeline(net, [testBatch(16, SAMPLE)]);
  const decisions = run.equalize.result.decisions.map(({ decision }) => decision);
  expect(decisions).toEqual(['mul', 'fold', 'mul', 'fold']);
  return { float: run.load.model, equalized: floatModel(run.equalize.model) };
}

describe('an equalized model with convolutions', () => {
  it('as .onnx computes in ONNX Runtime what the original computes there', async () => {
    const { float, equalized } = await equalizedNet();
    const shapes = [[2, ...SAMPLE]];
    const [before, after] = [
      await runOnnx(writeOnnx(float), shapes),
      await runOnnx(writeOnnx(equalized), shapes),
    ];
    expect(before.map(({ dims }) => dims)).toEqual([[2, 3, 3, 2]]);
    expect(relativeError(before, after)).toBeLessThan(1e-5);
  });

  it('as .safetensors opens again with its weights and scales, bit for bit', async () => {
    const { float, equalized } = await equalizedNet();
    const { model: again } = await openModel([bytesSource(writeFx(equalized), 'net.safetensors')]);
    expect(again.params).toEqual(equalized.params);
    const scales = Object.entries(again.params).filter(([name]) => name.includes('equalization_scale'));
    expect(Object.fromEntries(scales.map(([name, { shape }]) => [name, shape]))).toEqual({
      x_equalization_scale0: [3, 1, 1],
      gate_equalization_scale0: [6, 1, 1],
    });
    const { outputs } = await compareModels(float, again, [testBatch(5, SAMPLE)], [], quietJob);
    expect(outputs.maxRelError).toBeLessThan(1e-5);
    expect(outputs.maxAbsError).toBeGreaterThan(0);
  });
});
