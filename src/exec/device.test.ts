import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDevice } from './device';
import { INSTALLED_WASM as wasmPaths } from './testDevice';

describe('openDevice', () => {
  it('takes WASM where there is no GPU, and says so', async () => {
    const device = await openDevice({ force: null, wasmPaths });
    expect(device.backend).toBe('wasm');
    expect(device.label).toBe('WASM: no GPU');
    expect(tf.getBackend()).toBe('wasm');
  });

  it('obeys a forced backend, and can change it', async () => {
    expect(await openDevice({ force: 'cpu', wasmPaths })).toMatchObject({ backend: 'cpu' });
    expect(tf.getBackend()).toBe('cpu');
    expect(await openDevice({ force: 'wasm', wasmPaths })).toMatchObject({ backend: 'wasm' });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('refuses to force WebGPU where there is none, with the reason', async () => {
    await expect(openDevice({ force: 'webgpu', wasmPaths })).rejects.toThrow(
      /webgpu backend was asked for and cannot start: this browser has no WebGPU/,
    );
  });
});
