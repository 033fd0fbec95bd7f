import { expect, it } from 'vitest';
import type { EngineApi, MoveListener } from '../engine/api';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import { createStudioStore } from './studioStore';

const GPU = { name: 'webgpu', adapter: 'a GPU', label: 'WebGPU · a GPU' } as const;
const WASM = { name: 'wasm', adapter: 'a GPU', label: 'WASM: the GPU was lost' } as const;

/** A store on a GPU, and what tells it where the work goes. */
async function onGpu() {
  let move: MoveListener = () => undefined;
  const start: EngineApi['start'] = async (_, onMove) => {
    move = onMove;
    return { ok: true, value: GPU };
  };
  const store = createStudioStore(Object.assign(new FakeEngine(), { start }), fakeSamples);
  await store.getState().start(null);
  return { state: store.getState, move };
}

it('a GPU lost while nothing runs is told in the badge and the status line, until work opens another', async () => {
  const { state, move } = await onGpu();
  move({ kind: 'idle', backend: GPU, reason: 'It slept' });
  expect(state()).toMatchObject({ backend: GPU, isGpuLost: true, alerts: [] });
  expect(state().status).toBe('The GPU was lost: It slept. The next step opens it again.');
  move({ kind: 'lost', backend: WASM, reason: 'It slept' });
  expect(state()).toMatchObject({ backend: WASM, isGpuLost: false });
});

it('an engine that starts anew has a GPU again', async () => {
  const { state, move } = await onGpu();
  move({ kind: 'idle', backend: GPU, reason: 'It slept' });
  await state().start(null);
  expect(state()).toMatchObject({ backend: GPU, isGpuLost: false });
});
