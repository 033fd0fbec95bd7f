import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openDevice, replaceGpuDevice } from '../exec/device';
import { accumulateChannelStats, emptyChannelStats, readChannelStats } from './channelStats/channelStats';
import { channelView } from './channelStats/kernel';
import { channelStatsReference } from './channelStats/reference';
import { DeviceError } from './errors';
import { histogram } from './histogram/histogram';
import { finishQueuedWork, readValues } from './queue';
import { currentGpu, limitBindings, WASM_PATHS } from './testGpu';

/* A tensor that one binding of the GPU cannot hold is taken in parts: WebGPU itself would give zeros without a word. */

const complaints = vi.spyOn(console, 'error');

beforeAll(() => {
  complaints.mockClear();
});
beforeEach(async () => {
  await openDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
});
afterAll(() => {
  expect(complaints).not.toHaveBeenCalled();
});

const wave = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * (1 + (i % 97)));

async function statsOf(x: tf.Tensor, axis: number) {
  const running = emptyChannelStats(channelView(x.shape, axis).channels);
  const stats = accumulateChannelStats(x, axis, running);
  const ranges = await readChannelStats(stats);
  tf.dispose([running, stats]);
  return ranges;
}

function expectedStats(data: Float32Array, shape: readonly number[], axis: number) {
  const { outer, channels, inner } = channelView(shape, axis);
  return channelStatsReference(data, outer, channels, inner);
}

/** On the host until an op reads it; computed, so that it lies on the GPU. */
const placed = { host: (x: tf.Tensor) => x, GPU: (x: tf.Tensor) => tf.add(x, 0) };

it.each([
  { shape: [50, 7], axis: 1 },
  { shape: [50, 7], axis: 0 },
  { shape: [9, 5, 3, 3], axis: 1 },
  { shape: [1001, 1], axis: 1 },
])('statistics of $shape along axis $axis, bindings of 256 values', async ({ shape, axis }) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = wave(size);
  data[3] = Number.NaN;
  data[size - 1] = Number.POSITIVE_INFINITY;
  const before = tf.memory().numTensors;
  for (const place of Object.values(placed)) {
    const x = tf.tidy(() => place(tf.tensor(data, shape)));
    await finishQueuedWork();
    limitBindings(4 * 256);
    if (axis === 0) await expect(statsOf(x, axis)).rejects.toThrow(DeviceError);
    else expect(await statsOf(x, axis)).toEqual(expectedStats(data, shape, axis));
    Reflect.deleteProperty(currentGpu(), 'limits');
    x.dispose();
  }
  // What was refused has thrown before its running statistics were given back.
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(axis === 0 ? 2 : 0);
});

it('a histogram counts in parts what one binding cannot hold', async () => {
  const data = wave(5001);
  for (const place of Object.values(placed)) {
    const x = tf.tidy(() => place(tf.tensor1d(data)));
    const whole = await readValues(histogram(x, -100, 100, 64));
    limitBindings(4 * 256);
    expect(await readValues(histogram(x, -100, 100, 64))).toEqual(whole);
    Reflect.deleteProperty(currentGpu(), 'limits');
  }
});

it('on a device that itself binds no more than 128 MiB, 140 MiB are seen to the last value', async () => {
  const original = GPUAdapter.prototype.requestDevice;
  // tfjs asks for all that the adapter has; without, a device has what every GPU has.
  GPUAdapter.prototype.requestDevice = function (this: GPUAdapter) {
    return original.call(this);
  };
  try {
    await replaceGpuDevice(WASM_PATHS, true, 'as the test wants');
  } finally {
    GPUAdapter.prototype.requestDevice = original;
  }
  expect(currentGpu().limits.maxStorageBufferBindingSize).toBe(2 ** 27);
  const size = 35 * 2 ** 20;
  const data = new Float32Array(size).fill(1);
  data[size - 1] = 7;
  data[2 ** 25] = -5;
  const x = tf.tensor2d(data, [size / 64, 64]);
  const stats = await statsOf(x, 1);
  expect([Math.min(...stats.min), Math.max(...stats.max)]).toEqual([-5, 7]);
  expect(stats.max[63]).toBe(7);
  const counts = await readValues(histogram(x, -8, 8, 16));
  expect(Array.from(counts as Int32Array).reduce((sum, count) => sum + count, 0)).toBe(size);
  await finishQueuedWork();
});
