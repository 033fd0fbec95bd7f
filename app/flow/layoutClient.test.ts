import { beforeEach, expect, it, vi } from 'vitest';
import type { LayoutRequest, SceneLayout } from './layout';
import { SMALL } from './smallLayout';

/** What the workers were asked for, to be answered by the test. */
const asked: { readonly request: LayoutRequest; readonly answer: (layout: SceneLayout) => void }[] = [];
let ended = 0;
vi.mock('comlink', () => ({
  wrap: () => (request: LayoutRequest) =>
    new Promise<SceneLayout>((answer) => asked.push({ request, answer })),
}));
vi.stubGlobal(
  'Worker',
  class {
    terminate() {
      ended += 1;
    }
  },
);
const { LayoutClient } = await import('./layoutClient');

const LAYOUT: SceneLayout = { positions: new Map(), frames: new Map(), routes: new Map() };
const OTHER: LayoutRequest = { ...SMALL, arrangement: 'above' };

let client: InstanceType<typeof LayoutClient>;
beforeEach(() => {
  asked.length = 0;
  ended = 0;
  client = new LayoutClient();
});

it('gives whoever asks the layout that was begun for him', async () => {
  const begun = client.begin(SMALL);
  const wanted = client.layout({ ...SMALL });
  asked[0]?.answer(LAYOUT);
  expect(await wanted).toBe(LAYOUT);
  expect(await begun).toBe(LAYOUT);
  expect(asked).toHaveLength(1);
});

it('begins nothing where the same is under way: who waits for it is not left waiting', async () => {
  const wanted = client.layout(SMALL);
  const begun = client.begin({ ...SMALL });
  expect(ended).toBe(0);
  asked[0]?.answer(LAYOUT);
  expect(await Promise.all([wanted, begun])).toEqual([LAYOUT, LAYOUT]);
});

it('ends what is under way for another one', async () => {
  void client.layout(SMALL);
  const wanted = client.layout(OTHER);
  expect(ended).toBe(1);
  asked[1]?.answer(LAYOUT);
  expect(await wanted).toBe(LAYOUT);
});

it('lays out anew what was begun for another graph, or has been had', async () => {
  void client.begin(SMALL);
  void client.layout(OTHER);
  expect(asked.map(({ request }) => request)).toEqual([SMALL, OTHER]);
  asked[1]?.answer(LAYOUT);
  void client.layout(SMALL);
  expect(asked).toHaveLength(3);
});
