import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDevice, planDevice } from '../exec/device';
import { keepConstants, leaseConstant } from '../exec/deviceConstants';
import { type DeviceMove, steadyDevice } from '../exec/steadyDevice';
import { floatTensor } from '../graph/tensor';
import { readValues } from './queue';
import { currentGpu, WASM_PATHS } from './testGpu';

/* The memory of a GPU runs out under work that may find constants of earlier work on it. */

const LARGE = 2 ** 17;
const { signal } = new AbortController();
const NO_MEMORY = expect.stringMatching(/^Out of GPU memory \(/);

function leaveConstant(): void {
  const floats = floatTensor([LARGE], new Float32Array(LARGE).fill(3));
  leaseConstant(floats, 'as it is', () => tf.tensor1d(floats.data)).end();
}

/** The largest buffer that the device allows, which SwiftShader has no memory for at once. */
function exhaust(): void {
  const gpu = currentGpu();
  gpu.createBuffer({ size: gpu.limits.maxBufferSize, usage: GPUBufferUsage.STORAGE }).destroy();
}

/** Sums on the device; the first so many times its memory runs out. */
function wanting(times: number) {
  const devices: (GPUDevice | null)[] = [];
  const work = async () => {
    devices.push(tf.getBackend() === 'webgpu' ? currentGpu() : null);
    const x = tf.tensor1d([1, 2]);
    const y = tf.sum(x);
    try {
      if (devices.length <= times) exhaust();
      return (await readValues(y))[0];
    } finally {
      x.dispose();
      y.dispose();
    }
  };
  return { work, devices };
}

async function steadyGpu() {
  const plan = await planDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
  const moves: DeviceMove[] = [];
  const { run } = steadyDevice({ plan, wasmPaths: WASM_PATHS, moved: (move) => moves.push(move) });
  return { run, moves };
}

beforeEach(async () => {
  await openDevice({ force: 'webgpu', wasmPaths: WASM_PATHS });
  keepConstants(2 ** 24);
});
afterEach(() => {
  vi.restoreAllMocks();
  keepConstants();
});

describe('a GPU whose memory runs out', () => {
  it('holding constants that the work does not use: they go, and a new device of it does the work', async () => {
    const { run, moves } = await steadyGpu();
    leaveConstant();
    const { work, devices } = wanting(1);
    expect(await run(signal, work)).toBe(3);
    expect(moves).toEqual([
      {
        device: expect.objectContaining({ backend: 'webgpu' }),
        kind: 'freed',
        reason: NO_MEMORY,
      },
    ]);
    expect(devices[1]).not.toBeNull();
    expect(devices[1]).not.toBe(devices[0]);
  });

  it('holding nothing for anybody else: WASM does the work', async () => {
    const { run, moves } = await steadyGpu();
    const { work, devices } = wanting(1);
    expect(await run(signal, work)).toBe(3);
    expect(moves).toMatchObject([{ device: { backend: 'wasm' }, kind: 'refused', reason: NO_MEMORY }]);
    expect(devices).toHaveLength(2);
  });

  it('on the new device too: WASM does the work, and both are told', async () => {
    const { run, moves } = await steadyGpu();
    leaveConstant();
    const { work, devices } = wanting(2);
    expect(await run(signal, work)).toBe(3);
    expect(moves).toMatchObject([
      { device: { backend: 'webgpu' }, kind: 'freed', reason: NO_MEMORY },
      {
        device: { backend: 'wasm', label: 'WASM: the GPU refused the work' },
        kind: 'refused',
        reason: NO_MEMORY,
      },
    ]);
    expect(devices).toHaveLength(3);
  });

  it('and which gives no new device: WASM does the work, and only that is told', async () => {
    const { run, moves } = await steadyGpu();
    leaveConstant();
    const { work } = wanting(1);
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockRejectedValue(new Error('none left'));
    expect(await run(signal, work)).toBe(3);
    const label = expect.stringMatching(/^WASM: the GPU ran out of memory, and is refused \(.+\)$/);
    expect(moves).toMatchObject([{ device: { backend: 'wasm', label }, kind: 'refused', reason: NO_MEMORY }]);
  });

  it('after which it is lost twice: the losses count for themselves', async () => {
    const { run, moves } = await steadyGpu();
    leaveConstant();
    let runs = 0;
    const { work } = wanting(1);
    const sum = await run(signal, async () => {
      runs += 1;
      if (runs === 2 || runs === 3) currentGpu().destroy();
      return work();
    });
    expect(sum).toBe(3);
    expect(moves.map(({ kind, device }) => `${kind}: ${device.backend}`)).toEqual([
      'freed: webgpu',
      'lost: webgpu',
      'lost: webgpu',
    ]);
  });
});
