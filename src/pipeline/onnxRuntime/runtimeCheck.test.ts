import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { DEFAULT_SETTINGS } from '../settings';
import { quietJob } from '../testRun';
import { abortingJob, openDigits } from '../testStudio';
import type { OnnxRuntime } from './runtime';
import { CHECK_PHASE } from './runtimeCheck';

beforeAll(() => openTestDevice('wasm'));

/** ONNX Runtime's WebAssembly build in this process, for models of float inputs and outputs. */
const runtime: OnnxRuntime = {
  version: ort.env.versions.common,
  open: async (model, _files, optimize) => {
    const session = await ort.InferenceSession.create(model, {
      graphOptimizationLevel: optimize ? 'all' : 'disabled',
    });
    return {
      inputs: session.inputNames.map((name) => ({ name, type: 'float32' })),
      run: async (inputs) => {
        const feeds = session.inputNames.map((name, i) => [
          name,
          new ort.Tensor('float32', Float32Array.from(inputs[i]?.data ?? [], Number), inputs[i]?.shape),
        ]);
        const outputs = await session.run(Object.fromEntries(feeds));
        return session.outputNames.map((name) => ({
          type: 'float32',
          shape: outputs[name]?.dims ?? [],
          data: Float32Array.from(outputs[name]?.data ?? [], Number),
        }));
      },
      close: () => session.release(),
    };
  },
};

describe('the check in ONNX Runtime', () => {
  it('finds that original, equalized and quantized export agree; another setting makes it stale', async () => {
    const studio = await openDigits();
    await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const { onnxRuntime: check } = await studio.checkRuntime(runtime, quietJob);
    expect(check?.rows.map(({ name, agrees, error }) => [name, agrees, error])).toEqual([
      ['original', true, null],
      ['equalized', true, null],
      ['quantized', true, null],
      ['quantized-optimized', null, null],
    ]);
    expect(check).toMatchObject({ samples: 32, stale: false });
    const changed = studio.configure({ ...DEFAULT_SETTINGS, qconfig: 'fbgemm' });
    expect(changed.onnxRuntime?.stale).toBe(true);
  });

  it('runs the original alone before anything is equalized', async () => {
    const { onnxRuntime: check } = await (await openDigits()).checkRuntime(runtime, quietJob);
    expect(check?.rows.map(({ name }) => name)).toEqual(['original']);
  });

  it('keeps ONNX Runtime’s words where a file does not load, and finds a model that computes something else', async () => {
    const studio = await openDigits();
    const broken: OnnxRuntime = { ...runtime, open: () => Promise.reject(new Error('no such operator')) };
    const { onnxRuntime: check } = await studio.checkRuntime(broken, quietJob);
    expect(check?.rows).toMatchObject([{ name: 'original', agrees: null, error: 'no such operator' }]);
    const wrong: OnnxRuntime = {
      ...runtime,
      open: async (...args) => {
        const session = await runtime.open(...args);
        const run: typeof session.run = async (inputs) =>
          (await session.run(inputs)).map((t) => ({
            ...t,
            data: Float32Array.from<number | bigint>(t.data, (v) => Number(v) * 1.01),
          }));
        return { ...session, run };
      },
    };
    expect((await studio.checkRuntime(wrong, quietJob)).onnxRuntime?.rows[0]?.agrees).toBe(false);
  });

  it('can be cancelled', async () => {
    const studio = await openDigits();
    const job = abortingJob(CHECK_PHASE);
    await expect(studio.checkRuntime(runtime, job)).rejects.toBe(job.reason);
    expect(studio.view().onnxRuntime).toBeNull();
  });
});
