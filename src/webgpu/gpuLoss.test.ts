import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDevice, planDevice } from '../exec/device';
import { keepConstants, leaseConstant } from '../exec/deviceConstants';
import type { Job } from '../exec/job';
import { type DeviceMove, steadyDevice } from '../exec/steadyDevice';
import { bytesSource } from '../formats/byteSource';
import { floatTensor } from '../graph/tensor';
import { DEFAULT_SETTINGS, type Settings } from '../pipeline/settings';
import { Studio } from '../pipeline/studio';
import { GpuFailure } from './errors';
import { finishQueuedWork, readValues } from './queue';
import { currentGpu, WASM_PATHS } from './testGpu';

const BACKEND = { name: 'webgpu', adapter: 'test', label: 'WebGPU' } as const;
/** HistogramObservers: a second run, whose counts are added up batch by batch. */
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, qconfig: 'fbgemm' };

/** Of the studios of one test: those of earlier ones share its device, and hear of its loss too. */
let moves: DeviceMove[] = [];

async function sample(path: string) {
  const response = await fetch(`/samples/${path}`);
  return bytesSource(new Uint8Array(await response.arrayBuffer()), path.slice(path.indexOf('/') + 1));
}

/** Two small layers: a new device compiles every shader anew. */
async function openLinear2(): Promise<Studio> {
  const plan = await planDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
  const own = moves;
  const { run: steady } = steadyDevice({ plan, wasmPaths: WASM_PATHS, moved: (move) => own.push(move) });
  const studio = new Studio(BACKEND, null, steady);
  await studio.openModel([await sample('linear2/model.safetensors')]);
  await studio.openData([await sample('linear2/calibration.npy')]);
  await studio.run('prepare', SETTINGS, PLAIN);
  return studio;
}

/** Nobody watches it. */
const PLAIN: Job = { signal: new AbortController().signal, progress: () => undefined };

interface CountingJob extends Job {
  reports(): number;
}

/** A job under which `fail` is called at each of these reports of progress, counted from 1. */
function failingJob(at: readonly number[], fail: () => void): CountingJob {
  let reports = 0;
  return {
    signal: new AbortController().signal,
    progress: () => {
      reports += 1;
      if (at.includes(reports)) fail();
    },
    reports: () => reports,
  };
}

/** The device is lost at the first report of a phase. */
function losingAt(wanted: string): Job {
  let isLost = false;
  const progress = (phase: string) => {
    if (phase !== wanted || isLost) return;
    isLost = true;
    lose();
  };
  return { ...PLAIN, progress };
}

/** The report of a run, without its times. */
async function figures(studio: Studio): Promise<unknown> {
  const { parts } = await studio.exportFile('report', 'convert');
  return JSON.parse(await new Blob([...parts]).text(), (key, value) =>
    key === 'ms' || key === 'backend' ? undefined : value,
  );
}

const lose = () => currentGpu().destroy();
const kinds = () => moves.map(({ kind, device }) => `${kind}: ${device.backend}`);

beforeEach(async () => {
  moves = [];
  await openDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
});

describe('a GPU device that is lost', () => {
  it('under calibration: it begins again on a new one, with the same statistics, wherever it was', async () => {
    const studio = await openLinear2();
    const undisturbed = failingJob([], lose);
    await studio.run('calibrate', SETTINGS, undisturbed);
    const expected = await figures(studio);
    expect(undisturbed.reports()).toBeGreaterThan(4);
    const tensors = tf.memory().numTensors;
    for (let at = 1; at < undisturbed.reports(); at += 2) {
      moves.splice(0);
      await studio.run('calibrate', SETTINGS, failingJob([at], lose));
      expect(kinds(), `report ${at}`).toEqual(['lost: webgpu']);
      expect(await figures(studio)).toEqual(expected);
      expect(tf.memory().numTensors).toBe(tensors);
    }
  });

  it('under Equalize, whose check compares two models, and under the counting of values', async () => {
    const studio = await openLinear2();
    await studio.run('equalize', DEFAULT_SETTINGS, PLAIN);
    const expected = await figures(studio);
    // Its second report is that of the comparison of both models, which is told under the step's name.
    await studio.run('equalize', DEFAULT_SETTINGS, failingJob([2], lose));
    expect(kinds()).toEqual(['lost: webgpu']);
    expect(await figures(studio)).toEqual(expected);

    const tensor = { node: 'x', role: 'input' } as const;
    await studio.countValues('calibrate', tensor, losingAt('Count values'));
    expect(kinds()).toEqual(['lost: webgpu', 'lost: webgpu']);
    const counted = studio.tensors('calibrate', 'x');
    const calm = await openLinear2();
    await calm.run('calibrate', DEFAULT_SETTINGS, PLAIN);
    await calm.countValues('calibrate', tensor, PLAIN);
    expect(counted).toEqual(calm.tensors('calibrate', 'x'));
  });

  it('between two steps: the next just works', async () => {
    const studio = await openLinear2();
    await studio.run('calibrate', SETTINGS, PLAIN);
    const gpu = currentGpu();
    gpu.destroy();
    await gpu.lost;
    await expect.poll(kinds).toEqual(['idle: webgpu']);
    await studio.run('convert', SETTINGS, PLAIN);
    expect(kinds()).toEqual(['idle: webgpu', 'reopened: webgpu']);
    expect(studio.view().steps.convert).toMatchObject({ failed: false });
  });

  it('twice between two steps: told each time, once', async () => {
    const studio = await openLinear2();
    for (const step of ['calibrate', 'equalize'] as const) {
      await studio.run(step, SETTINGS, PLAIN);
      moves.splice(0);
      lose();
      await expect.poll(kinds).toEqual(['idle: webgpu']);
      await new Promise((resume) => setTimeout(resume, 50));
      expect(kinds()).toEqual(['idle: webgpu']);
    }
    await studio.run('convert', SETTINGS, PLAIN);
    expect(kinds()).toEqual(['idle: webgpu', 'reopened: webgpu']);
  });

  it('takes along the constants that stayed on it, which are made anew', async () => {
    const values = new Float32Array(2 ** 17).fill(3);
    const lease = () => leaseConstant(floats, 'as it is', () => tf.tensor1d(values));
    const floats = floatTensor([values.length], values);
    const plan = await planDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
    const own = moves;
    const steady = steadyDevice({ plan, wasmPaths: WASM_PATHS, moved: (move) => own.push(move) });
    const before = tf.memory().numTensors;
    keepConstants(2 ** 20);
    lease().end();
    expect(tf.memory().numTensors).toBe(before + 1);
    const gpu = currentGpu();
    gpu.destroy();
    await gpu.lost;
    const read = await steady.run(PLAIN.signal, async () => {
      const { tensor, end } = lease();
      const found = await readValues(tensor);
      end(false);
      return found;
    });
    expect(kinds()).toEqual(['reopened: webgpu']);
    expect(read).toEqual(values);
    keepConstants();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('three times under one step: it ends on WASM, with the same statistics, and says so', async () => {
    const studio = await openLinear2();
    await studio.run('calibrate', DEFAULT_SETTINGS, PLAIN);
    const expected = studio.view().steps.calibrate?.summary;
    await studio.run('calibrate', DEFAULT_SETTINGS, failingJob([2, 4, 6], lose));
    expect(kinds()).toEqual(['lost: webgpu', 'lost: webgpu', 'lost: wasm']);
    expect(moves.at(-1)).toMatchObject({
      reason: 'Device was destroyed. (destroyed)',
      device: { label: 'WASM: the GPU was lost', adapter: 'SwiftShader' },
    });
    expect(studio.view().steps.calibrate?.summary).toBe(expected);
  });

  it('in a cancelled step: it is cancelled, and the next begins on a new device', async () => {
    const studio = await openLinear2();
    const controller = new AbortController();
    const job: Job = {
      signal: controller.signal,
      progress: (phase) => {
        if (phase !== 'Calibrate') return;
        lose();
        controller.abort(new Error('the user pressed Cancel'));
      },
    };
    await expect(studio.run('calibrate', SETTINGS, job)).rejects.toThrow('the user pressed Cancel');
    await expect.poll(kinds).toEqual(['idle: webgpu']);
    await studio.run('calibrate', SETTINGS, PLAIN);
    expect(kinds()).toEqual(['idle: webgpu', 'reopened: webgpu']);
  });

  it('ends a read that the browser never answers', async () => {
    const tensor = tf.tensor1d([1, 2]);
    vi.spyOn(tensor, 'data').mockReturnValue(new Promise(() => undefined));
    const reading = readValues(tensor);
    lose();
    await expect(reading).rejects.toThrow(/^The GPU device was lost: .* \(destroyed\)\. Reload/);
    await expect(readValues(tensor)).rejects.toThrow(GpuFailure);
    await expect(finishQueuedWork()).rejects.toThrow(GpuFailure);
  });
});
