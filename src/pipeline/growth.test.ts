import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { DEFAULT_SETTINGS } from './settings';
import { quietJob } from './testRun';
import { openLinear2 } from './testStudio';

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
