import { beforeEach, expect, it, vi } from 'vitest';
import { FakeEngine } from '../../store/fakeEngine';
import { fakeSamples } from '../../store/fakes/samples';
import type { StudioStore } from '../../store/studio';
import { createStudioStore } from '../../store/studioStore';
import type { LayoutRequest } from '../layout';
import { layoutScene } from '../layout';

const begun: LayoutRequest[] = [];
vi.mock('../layoutClient', () => ({
  layouts: {
    begin: async (request: LayoutRequest) => {
      begun.push(request);
      return layoutScene(request);
    },
  },
}));
vi.mock('../../useWindowSize', () => ({
  windowSize: () => ({ isCrowded: false, isNarrow: false, isStacked: false }),
}));
vi.stubGlobal('window', {
  get innerWidth() {
    return 1280;
  },
  innerHeight: 800,
});

const { layOutEarly } = await import('./earlyLayout');
const { firstPictures } = await import('./pictures');

/** Each file's model has nodes of other names. */
class NamingEngine extends FakeEngine {
  override async openModel(files: readonly File[]) {
    const outcome = await super.openModel(files);
    const load = outcome.ok ? outcome.value.steps.load : undefined;
    if (!outcome.ok || load === undefined) return outcome;
    const nodes = load.graph.nodes.map((node) => ({ ...node, name: `${node.name} of ${files[0]?.name}` }));
    const graph = { ...load.graph, nodes, edges: [] };
    const steps = { ...outcome.value.steps, load: { ...load, graph } };
    return { ...outcome, value: { ...outcome.value, steps } };
  }
}

let store: StudioStore;
const file = (name: string) => new File(['x'], name);
const drawn = () => firstPictures.get().picture?.grouped.items.map(({ name }) => name);
/** The graph of the model that is open. */
const open = () => store.getState().view.steps.load?.graph.nodes.map(({ name }) => name);

beforeEach(() => {
  begun.length = 0;
  firstPictures.forget();
  store = createStudioStore(new NamingEngine(), fakeSamples);
  layOutEarly(store);
});

it('lays out a model from the moment it is open', async () => {
  await store.getState().openModel([file('a.onnx')]);
  await vi.waitFor(() => expect(firstPictures.get().state).toBe('shown'));
  expect(drawn()).toEqual(open());
  expect(begun).toHaveLength(1);
});

it('asks for the layout before the page takes the model over, once', async () => {
  const order: string[] = [];
  store.subscribe((now, before) => {
    if (now.view.model !== before.view.model) order.push(`taken over, ${begun.length} begun`);
  });
  await store.getState().openModel([file('a.onnx')]);
  await vi.waitFor(() => expect(firstPictures.get().state).toBe('shown'));
  expect(order).toEqual(['taken over, 1 begun']);
  expect(begun).toHaveLength(1);
});

it('opens a model whose layout could not be asked for', async () => {
  const failing = vi.spyOn(window, 'innerWidth', 'get').mockImplementationOnce(() => {
    throw new Error('no window');
  });
  await store.getState().openModel([file('a.onnx')]);
  expect(open()).toBeDefined();
  await vi.waitFor(() => expect(firstPictures.get().state).toBe('none'));
  failing.mockRestore();
});

it('lays out the new model where another one was open, and never shows the one before for it', async () => {
  await store.getState().openModel([file('a.onnx')]);
  await vi.waitFor(() => expect(firstPictures.get().state).toBe('shown'));
  const states: string[] = [];
  const before = open();
  firstPictures.subscribe(() => states.push(firstPictures.get().state));
  await store.getState().openModel([file('b.onnx')]);
  await vi.waitFor(() => expect(firstPictures.get().state).toBe('shown'));
  expect(states).toEqual(['none', 'coming', 'shown']);
  expect(begun).toHaveLength(2);
  expect(open()).not.toEqual(before);
  expect(drawn()).toEqual(open());
});
