import { expect, it } from 'vitest';
import type { BackendView } from '../../src/index';
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

/** The alert that a move brings, as the page has it. */
async function alertOf(kind: 'lost' | 'reopened' | 'freed' | 'refused', backend: BackendView) {
  const { state, move } = await onGpu();
  move({ kind, backend, reason: 'It slept' });
  const { alerts } = state();
  expect(alerts).toHaveLength(1);
  return { title: alerts[0]?.title, text: alerts[0]?.text };
}

it('a GPU lost under work: it begins again, and where the GPU is left the way back is told', async () => {
  expect(await alertOf('lost', GPU)).toEqual({
    title: 'The GPU was lost',
    text: 'It slept. What was running begins again on WebGPU · a GPU; what was done before stays.',
  });
  expect((await alertOf('lost', WASM)).text).toMatch(
    /again on WASM: the GPU was lost; what was done before stays\. Reload/,
  );
});

it('a GPU lost while nothing ran: nothing begins again', async () => {
  expect(await alertOf('reopened', GPU)).toEqual({
    title: 'The GPU was lost while nothing ran',
    text: 'It slept. What begins now runs on WebGPU · a GPU; what was done before stays.',
  });
  expect((await alertOf('reopened', WASM)).text).toMatch(/runs on WASM: .* stays\. Reload the page/);
});

it('memory that ran out, and was freed: whose it was, and that the work begins again where it ran', async () => {
  const freed = 'It slept. Weights kept for later steps were freed. What was running begins again on ';
  expect(await alertOf('freed', GPU)).toEqual({
    title: 'The GPU ran out of memory',
    text: `${freed}WebGPU · a GPU; what was done before stays.`,
  });
  expect(await alertOf('freed', { ...WASM, label: 'WASM: no GPU' })).toEqual({
    title: 'Memory ran out',
    text: `${freed}WASM: no GPU; what was done before stays.`,
  });
});

it('work that the GPU refused begins again on WASM', async () => {
  expect(await alertOf('refused', WASM)).toEqual({
    title: 'The GPU refused the work',
    text: 'It slept. What was running begins again on WASM: the GPU was lost; what was done before stays. Reload the page to use the GPU again.',
  });
});
