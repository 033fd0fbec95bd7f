import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openDevice } from '../exec/device';
import { findAdapter } from './adapter';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
};

it('knows a software adapter for what it is', async () => {
  expect(await findAdapter()).toMatchObject({ kind: 'software', name: 'SwiftShader' });
});

it('runs on WASM rather than on a software adapter, and says so', async () => {
  expect(await openDevice({ force: null, wasmPaths })).toEqual({
    backend: 'wasm',
    adapter: 'SwiftShader',
    label: 'WASM: software GPU only (SwiftShader)',
  });
  expect(tf.getBackend()).toBe('wasm');
});

it('runs on the software adapter when told to', async () => {
  expect(await openDevice({ force: 'webgpu', wasmPaths })).toEqual({
    backend: 'webgpu',
    adapter: 'SwiftShader',
    label: 'WebGPU · SwiftShader (software)',
  });
  expect(tf.getBackend()).toBe('webgpu');
  expect(tf.env().getBool('WEBGPU_CPU_FORWARD')).toBe(false);
});
