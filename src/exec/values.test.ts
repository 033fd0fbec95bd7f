import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { alias } from './values';

describe.each(TEST_BACKENDS)('an alias on %s', (backend) => {
  it('is a tensor of its own that shares its values, and outlives the first', async () => {
    await openTestDevice(backend);
    for (const shape of [[], [3], [2, 3]]) {
      const size = tf.util.sizeFromShape(shape);
      const x = tf.tensor(
        Float32Array.from({ length: size }, (_, i) => i + 1),
        shape,
      );
      const { numDataBuffers, numTensors } = tf.memory();
      const y = alias(x);
      expect([tf.memory().numDataBuffers, tf.memory().numTensors]).toEqual([numDataBuffers, numTensors + 1]);
      x.dispose();
      expect([y.shape, ...(await y.data())]).toEqual([
        shape,
        ...Array.from({ length: size }, (_, i) => i + 1),
      ]);
      y.dispose();
    }
  });
});
