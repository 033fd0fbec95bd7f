import { beforeEach, expect, it } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { keepArrivals } from './arrivals';

let engine: FakeEngine;
let store: StudioStore;
let tab = '';
const memory = {
  read: () => tab,
  write: (text: string) => {
    tab = text;
  },
};
/** Copies of files by arrival. */
const kept = new Map<string, readonly File[]>();
const shelf = {
  keep: async (id: string, files: readonly File[]) => void kept.set(id, files),
  find: async (id: string) => kept.get(id) ?? null,
  drop: async (id: string) => void kept.delete(id),
};
const state = () => store.getState();
const file = (name: string) => new File(['x'], name);

/** Another page over the same browser and tab. */
async function page(): Promise<StudioStore> {
  const next = createStudioStore(engine, fakeSamples, shelf);
  const offer = keepArrivals(next, memory, shelf);
  await next.getState().start(null);
  await offer();
  return next;
}

beforeEach(async () => {
  tab = '';
  kept.clear();
  engine = new FakeEngine();
  store = await page();
});

it('a file is on its way until what it became is saved', async () => {
  await state().openModel([file('net.onnx')]);
  expect(state().arrivals.map(({ names }) => names)).toEqual([['net.onnx']]);
  await state().save();
  await expect.poll(() => kept.size).toBe(0);
  expect([state().arrivals, tab]).toEqual([[], '']);
});

it('a file that is refused is not kept', async () => {
  await state().openModel([file('broken.onnx')]);
  await expect.poll(() => kept.size).toBe(0);
  expect(state().arrivals).toEqual([]);
});

it('files that wait for others are kept, and go with them', async () => {
  await state().openDropped([file('split.onnx')]);
  expect(state().arrivals).toHaveLength(1);
  await state().openDropped([file('split.data')]);
  await state().save();
  await expect.poll(() => kept.size).toBe(0);
});

it('a page that comes after one that went in the middle opens the files again', async () => {
  await state().openModel([file('net.onnx')]);
  store = await page();
  const [found] = state().interruptedArrivals;
  expect(found).toMatchObject({ names: ['net.onnx'], way: 'model' });
  await state().openAgain(found?.id ?? '');
  expect(state().view.model?.name).toBe('net.onnx');
  expect(state().interruptedArrivals).toEqual([]);
});

it('names files that could not be kept, and leaves them when it is told to', async () => {
  await state().openModel([file('net.onnx')]);
  kept.clear();
  store = await page();
  const [found] = state().interruptedArrivals;
  expect(found).toMatchObject({ names: ['net.onnx'], files: null });
  state().leaveArrival(found?.id ?? '');
  expect([state().interruptedArrivals, tab]).toEqual([[], '']);
});

it('what the tab cannot read is as if there were nothing', async () => {
  tab = '{"no": "list"}';
  expect((await page()).getState().interruptedArrivals).toEqual([]);
});
