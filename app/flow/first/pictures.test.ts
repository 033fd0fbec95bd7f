import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GroupedScene } from '../groups/groupScene';
import type { SceneLayout } from '../layout';
import { FirstPictures, type Picture } from './pictures';

const SCENE: GroupedScene = {
  before: null,
  after: { nodes: [], edges: [], closed: [], open: [] },
  slots: new Map(),
  items: [],
  edges: [],
  frames: [],
};
const LAYOUT: SceneLayout = { positions: new Map(), frames: new Map(), routes: new Map() };
const PICTURE: Picture = { grouped: SCENE, layout: LAYOUT };

let pictures: FirstPictures;
let states: string[];
beforeEach(() => {
  pictures = new FirstPictures();
  states = [];
  pictures.subscribe(() => states.push(pictures.get().state));
});

describe('the first picture of a graph', () => {
  it('comes with its layout and goes with the first pane that draws', async () => {
    pictures.await(async () => PICTURE);
    await Promise.resolve();
    expect(pictures.get().picture).toEqual(PICTURE);
    pictures.paneDraws();
    expect(states).toEqual(['coming', 'shown', 'none']);
  });

  it('is not even made while a pane draws, which asks for its layout itself', async () => {
    const leave = pictures.paneDraws();
    const make = vi.fn(async () => PICTURE);
    pictures.await(make);
    await Promise.resolve();
    expect(make).not.toHaveBeenCalled();
    expect(states).toEqual([]);
    leave();
    pictures.await(async () => PICTURE);
    await Promise.resolve();
    expect(states).toEqual(['coming', 'shown']);
  });

  it('does not come behind a pane that drew first, nor with the layout of another model', async () => {
    let arrive = (_: Picture) => {};
    pictures.await(() => new Promise((resolve) => (arrive = resolve)));
    pictures.paneDraws()();
    arrive(PICTURE);
    await Promise.resolve();
    expect(states).toEqual(['coming', 'none']);
    pictures.await(() => new Promise((resolve) => (arrive = resolve)));
    const other = { ...SCENE, items: [{ name: 'x', role: 'input' as const }] };
    pictures.await(async () => ({ grouped: other, layout: LAYOUT }));
    arrive(PICTURE);
    await Promise.resolve();
    await Promise.resolve();
    expect(pictures.get().picture?.grouped.items).toHaveLength(1);
  });

  it('is none where the layout fails: the pane says why', async () => {
    pictures.await(() => Promise.reject(new Error('no layout')));
    await Promise.resolve();
    await Promise.resolve();
    expect(states).toEqual(['coming', 'none']);
  });
});
