import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BackendName, openDevice } from '../../exec/device';
import { finishQueuedWork } from '../queue';
import { asOnGpu, WASM_PATHS as wasmPaths } from '../testGpu';
import { CASES, type HistogramCase } from './cases';
import { histogram } from './histogram';
import { binsBetween } from './kernel';
import { histogramReference } from './reference';

const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const satisfies readonly BackendName[];

async function measured({ values, low, high, bins }: HistogramCase): Promise<Int32Array> {
  const x = tf.tensor1d(values);
  const counts = histogram(x, low, high, bins);
  const read = Int32Array.from(await counts.data<'int32'>());
  tf.dispose([x, counts]);
  return read;
}

describe('Histogram', () => {
  const complaints = vi.spyOn(console, 'error');

  beforeAll(() => {
    if (!navigator.gpu)
      throw new Error('This browser has no WebGPU; the kernels cannot be tested without it.');
  });
  afterAll(() => {
    expect(complaints.mock.calls).toEqual([]);
  });

  it('counts, on every backend, exactly what the plain reference counts', async () => {
    const expected = CASES.map(({ values, low, high, bins }) =>
      histogramReference(values, binsBetween(low, high, bins)),
    );
    for (const backend of BACKENDS) {
      await openDevice({ force: backend, wasmPaths });
      expect(tf.getBackend()).toBe(backend);
      for (const [i, oneCase] of CASES.entries()) {
        const before = tf.memory().numTensors;
        expect(await measured(oneCase), `${oneCase.name} on ${backend}`).toEqual(expected[i]);
        expect(tf.memory().numTensors, `tensors left by ${oneCase.name} on ${backend}`).toBe(before);
      }
      await finishQueuedWork();
    }
  });

  it('counts so too in the memory of workgroups, as on a GPU', async () => {
    await openDevice({ force: 'webgpu', wasmPaths });
    await asOnGpu(async () => {
      for (const oneCase of CASES) {
        const expected = histogramReference(
          oneCase.values,
          binsBetween(oneCase.low, oneCase.high, oneCase.bins),
        );
        expect(await measured(oneCase), oneCase.name).toEqual(expected);
      }
      await finishQueuedWork();
    });
  });

  it('takes tensors of any rank, and integers', async () => {
    for (const backend of BACKENDS) {
      await openDevice({ force: backend, wasmPaths });
      const x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 1, 2, 1, 2], 'int32');
      const float = tf.cast(x, 'float32');
      const counts = histogram(float, 0, 8, 4);
      expect(Array.from(await counts.data()), backend).toEqual([1, 2, 2, 3]);
      tf.dispose([x, float, counts]);
    }
  });

  it('refuses bins that cannot be', () => {
    expect(() => binsBetween(0, 1, 5000)).toThrow('A histogram has 1 to 4096 bins, not 5000.');
    expect(() => binsBetween(0, 1, 1.5)).toThrow(/not 1\.5/);
    expect(() => binsBetween(1, 0, 8)).toThrow(/ascending order, of finite distance, not 1 and 0/);
    expect(() => binsBetween(Number.NEGATIVE_INFINITY, 0, 8)).toThrow(RangeError);
    expect(() => binsBetween(-3e38, 3e38, 8)).toThrow(RangeError);
  });
});
