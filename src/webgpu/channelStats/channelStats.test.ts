import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BackendName, openDevice } from '../../exec/device';
import { DeviceError } from '../errors';
import { finishQueuedWork, webgpuBackend } from '../queue';
import { asOnGpu, WASM_PATHS as wasmPaths } from '../testGpu';
import { CASES, type StatsCase } from './cases';
import {
  accumulateChannelStats,
  type ChannelRanges,
  emptyChannelStats,
  readChannelStats,
} from './channelStats';
import { cutPositions, INVOCATIONS } from './cut';
import { channelView } from './kernel';
import { channelStatsReference } from './reference';

const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const satisfies readonly BackendName[];

/** The reference over all batches laid end to end along the outer axis. */
function expected({ shape, axis, batches }: StatsCase): ChannelRanges {
  const { outer, channels, inner } = channelView(shape, axis);
  const all = new Float32Array(batches.reduce((size, batch) => size + batch.length, 0));
  batches.forEach((batch, i) => {
    all.set(batch, i * batch.length);
  });
  return channelStatsReference(all, outer * batches.length, channels, inner);
}

async function measured({ shape, axis, batches }: StatsCase): Promise<ChannelRanges> {
  let running: tf.Tensor = emptyChannelStats(channelView(shape, axis).channels);
  for (const batch of batches) {
    const x = tf.tensor(batch, [...shape], 'float32');
    const next = accumulateChannelStats(x, axis, running);
    tf.dispose([x, running]);
    running = next;
  }
  const ranges = await readChannelStats(running);
  running.dispose();
  return ranges;
}

/** Bits, so that −0 differs from +0. */
const bits = ({ min, max, nonFinite }: ChannelRanges) => ({
  min: Array.from(new Int32Array(min.buffer)),
  max: Array.from(new Int32Array(max.buffer)),
  nonFinite: Array.from(nonFinite),
});

describe('ChannelStats', () => {
  const complaints = vi.spyOn(console, 'error');

  beforeAll(() => {
    if (!navigator.gpu)
      throw new Error('This browser has no WebGPU; the kernels cannot be tested without it.');
  });
  afterAll(() => {
    expect(complaints.mock.calls).toEqual([]);
  });

  it('is, on every backend and to the bit, what the plain reference computes', async () => {
    for (const backend of BACKENDS) {
      await openDevice({ force: backend, wasmPaths });
      expect(tf.getBackend()).toBe(backend);
      for (const oneCase of CASES) {
        const before = tf.memory().numTensors;
        expect(bits(await measured(oneCase)), `${oneCase.name} on ${backend}`).toEqual(
          bits(expected(oneCase)),
        );
        expect(tf.memory().numTensors, `tensors left by ${oneCase.name} on ${backend}`).toBe(before);
      }
      await finishQueuedWork();
    }
  });

  it('is so too in as many invocations as a GPU gets', async () => {
    await openDevice({ force: 'webgpu', wasmPaths });
    await asOnGpu(async () => {
      for (const oneCase of CASES)
        expect(bits(await measured(oneCase)), oneCase.name).toEqual(bits(expected(oneCase)));
      await finishQueuedWork();
    });
  });

  it('takes nothing for −∞…+∞ turned round, as an observer that has seen nothing', async () => {
    await openDevice({ force: 'webgpu', wasmPaths });
    const running = emptyChannelStats(2);
    const { min, max, nonFinite } = await readChannelStats(running);
    running.dispose();
    expect([min[1], max[1], nonFinite[1]]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]);
  });

  it('turns an error of the GPU, which tfjs only logs, into a DeviceError', async () => {
    await openDevice({ force: 'webgpu', wasmPaths });
    webgpuBackend()?.device.createShaderModule({ code: 'fn broken( {' });
    await expect(finishQueuedWork()).rejects.toThrow(/^The GPU reported an error: .*broken|expected/s);
    await finishQueuedWork();
  });

  // The last test of the device: it does not come back.
  it('says that the device was lost', async () => {
    await openDevice({ force: 'webgpu', wasmPaths });
    const device = webgpuBackend()?.device;
    device?.destroy();
    await device?.lost;
    await expect(finishQueuedWork()).rejects.toThrow(/^The GPU device was lost: .* \(destroyed\)\. Reload/);
    await expect(finishQueuedWork()).rejects.toThrow(DeviceError);
  });
});

describe('cutPositions', () => {
  it.each(Object.entries(INVOCATIONS))('covers every position, once, for a %s', (_, invocations) => {
    for (const { shape, axis } of CASES) {
      const view = channelView(shape, axis);
      const positions = view.outer * view.inner;
      if (positions === 0 || view.channels === 0) continue;
      const { lanes, chunks, chunk } = cutPositions(view, invocations);
      expect(chunks * chunk).toBeGreaterThanOrEqual(positions);
      expect((chunks - 1) * chunk).toBeLessThan(positions);
      expect(chunk % lanes).toBe(0);
    }
  });
});
