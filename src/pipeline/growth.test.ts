import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { fxFile, fxNode } from '../../e2e/files/fxFile';
import { npyFile } from '../../e2e/files/npy';
import { openTestDevice } from '../exec/testDevice';
import { bytesSource } from '../formats/byteSource';
import { DEFAULT_SETTINGS } from './settings';
import { Studio } from './studio';
import { quietJob } from './testRun';
import { BACKEND, openLinear2 } from './testStudio';

beforeAll(() => openTestDevice('wasm'));

it('200 steps back and forth leave no tensor and no byte on the device', async () => {
  const studio = await openLinear2();
  const first = await studio.run('equalize', DEFAULT_SETTINGS, quietJob);
  const second = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
  const { numTensors, numBytes } = tf.memory();
  for (let i = 0; i < 200; i++) {
    studio.recall(i % 2 === 0 ? first.state : second.state);
    if (i % 10 === 9) await studio.run('equalize', DEFAULT_SETTINGS, quietJob);
    if (i % 10 === 9) studio.keepStates([first.state, second.state]);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  }
});

const WIDTH = 300;
/** Of a weight, which is large enough to stay on the device. */
const WEIGHT_BYTES = 4 * WIDTH * WIDTH;

async function openLarge(): Promise<Studio> {
  const values = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i + 1));
  const names = ['fc1', 'fc2'];
  const modules = names.map((name) => {
    const attrs = { in_features: WIDTH, out_features: WIDTH, bias: false };
    return [name, { type: 'torch.nn.Linear', attrs }] as const;
  });
  const nodes = [
    fxNode('x', 'placeholder', 'x'),
    fxNode('fc1', 'call_module', 'fc1', 'x'),
    fxNode('fc2', 'call_module', 'fc2', 'fc1'),
    fxNode('output', 'output', 'output', 'fc2'),
  ];
  const weight = () => ({ shape: [WIDTH, WIDTH], data: values(WIDTH * WIDTH) });
  const tensors = Object.fromEntries(names.map((name) => [`${name}.weight`, weight()]));
  const file = fxFile({ nodes, modules: Object.fromEntries(modules) }, tensors);
  const studio = new Studio(BACKEND);
  await studio.openModel([bytesSource(new Uint8Array(file), 'large.safetensors')]);
  await studio.openCalibration([bytesSource(npyFile([4, WIDTH], values(4 * WIDTH)), 'x.npy')]);
  return studio;
}

it('large weights stay on the device from step to step, no more of them with every step, and go with the model', async () => {
  const before = tf.memory();
  const studio = await openLarge();
  await studio.run('calibrate', DEFAULT_SETTINGS, quietJob);
  expect(tf.memory().numBytes - before.numBytes).toBe(2 * WEIGHT_BYTES);
  const held: number[] = [];
  for (let i = 0; i < 20; i++) {
    await studio.run(i % 4 === 3 ? 'convert' : 'equalize', DEFAULT_SETTINGS, quietJob);
    held.push(tf.memory().numBytes - before.numBytes);
  }
  // The weights before, those that three steps made of them, and those of the other semantics behind Convert.
  expect(Math.max(...held)).toBeLessThanOrEqual((2 + 3 * 2 + 2) * WEIGHT_BYTES);
  expect(held.at(-1)).toBe(held.at(-5));
  studio.close();
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
});
