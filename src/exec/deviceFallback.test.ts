import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { planDevice } from './device';
import { type DeviceMove, steadyDevice } from './steadyDevice';

const wasmPaths = '/nowhere/';

// In a file, and so a process state, of its own: tfjs remembers that its WASM start failed.
it('opens nothing before the first work, and the CPU where the WASM binary is missing, which it says', async () => {
  const plan = await planDevice({ force: null, wasmPaths });
  expect(plan.device).toEqual({ backend: 'wasm', adapter: expect.any(String), label: 'WASM: no GPU' });
  expect(tf.findBackend('wasm')).toBeNull();
  const moves: DeviceMove[] = [];
  const { run: steady } = steadyDevice({ plan, wasmPaths, moved: (move) => moves.push(move) });
  const { signal } = new AbortController();
  expect(await steady(signal, async () => tf.getBackend())).toBe('cpu');
  const label = expect.stringMatching(/^CPU: no GPU; WASM failed \(.+\)$/);
  expect(moves).toMatchObject([{ device: { backend: 'cpu', label }, kind: 'unopened' }]);
  await steady(signal, async () => undefined);
  expect(moves).toHaveLength(1);
});
