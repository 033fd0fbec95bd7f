import { beforeEach, expect, it } from 'vitest';
import type { GraphView, NodeChange, NodeView, StepName, StepView } from '../../../src/index';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { KEPT_GRAPHS } from './compareSlice';
import { listedAt, listedDifferences } from './listed';
import { comparedDifferences, sidesOf, sourceWords, touchedBetween } from './sides';

const node = (name: string, change: NodeChange = 'same', detail = ''): NodeView => ({
  name,
  role: 'op',
  change,
  opcode: 'call_module',
  type: 'Linear',
  detail,
  shape: '',
  line: '',
  path: [],
});
const graph = (...nodes: readonly NodeView[]): GraphView => ({ nodes, edges: [], text: '' });

let store: StudioStore;
const now = () => store.getState();

/** Gives steps of the work other graphs. */
function show(graphs: Partial<Record<StepName, GraphView>>) {
  const { view } = now();
  const steps: Partial<Record<StepName, StepView>> = { ...view.steps };
  for (const step of Object.keys(steps) as StepName[]) {
    const [known, own] = [steps[step], graphs[step]];
    if (known !== undefined && own !== undefined) steps[step] = { ...known, graph: own };
  }
  store.setState({ view: { ...view, steps } });
}

beforeEach(async () => {
  store = createStudioStore(new FakeEngine(), fakeSamples);
  await now().openModel([new File([], 'm.json')]);
  await now().openData('calibration', [new File([], 'c.npy')]);
  await now().run('convert');
});

it('compares the shown step with the one before it, unless other graphs are chosen', () => {
  expect(sidesOf(now())).toBeNull();
  now().setMode('compare');
  const sources = () => [sidesOf(now())?.left.source, sidesOf(now())?.right.source];
  expect(sources()).toEqual([
    { run: null, step: 'equalize' },
    { run: null, step: 'convert' },
  ]);
  now().compareWith('left', { run: null, step: 'load' });
  expect(sources()[0]).toEqual({ run: null, step: 'load' });
  // A step of the work on the right is the shown one, so that the pipeline says the same.
  now().compareWith('right', { run: null, step: 'prepare' });
  expect(now().shown).toBe('prepare');
  expect(now().right).toBeNull();
});

it('gives the same sides and differences while nothing else is compared: views follow what is the same object', () => {
  now().setMode('compare');
  const [sides, found] = [sidesOf(now()), comparedDifferences(now())];
  now().select('x');
  expect(sidesOf(now())).toBe(sides);
  expect(comparedDifferences(now())).toBe(found);
});

it('keeps the graphs of the newest runs and lets go of the oldest', async () => {
  for (let alpha = 1; alpha <= KEPT_GRAPHS; alpha++) {
    await now().changeSettings({ method: 'smoothquant', alpha: alpha / 10 });
    await now().run('convert');
  }
  expect(now().runs).toHaveLength(KEPT_GRAPHS + 1);
  expect([...now().runGraphs.keys()]).toEqual([2, 3, 4, 5]);
});

it('compares two runs by their words, at Convert', async () => {
  await now().changeSettings({ qconfig: 'fbgemm' });
  await now().run('convert');
  await now().changeSettings({ semantics: 'pytorch' });
  await now().run('convert');
  now().compareRuns(1, 3);
  const sides = sidesOf(now());
  expect(sides && [sides.left, sides.right].map(({ source }) => sourceWords(now(), source))).toEqual([
    'Convert (run 1 · Exact, default, input-weight)',
    'Convert (run 3 · PyTorch, fbgemm)',
  ]);
});

it('knows whose tensors may differ: of two steps what the steps between them changed', () => {
  show({
    prepare: graph(node('a', 'changed'), node('b'), node('c')),
    equalize: graph(node('a'), node('b', 'changed'), node('c')),
    convert: graph(node('a'), node('b'), node('c', 'changed')),
  });
  now().setMode('compare');
  const touched = () => {
    const sides = sidesOf(now());
    return sides && [...touchedBetween(now(), sides)];
  };
  expect(touched()).toEqual(['c']);
  now().compareWith('left', { run: null, step: 'prepare' });
  expect(touched()).toEqual(['b', 'c']);
});

it('jumps from difference to difference, round and round, and through one kind alone', () => {
  show({
    equalize: graph(node('a'), node('gone'), node('b')),
    convert: graph(node('a', 'same', '4 bits'), node('b'), node('new')),
  });
  now().setMode('compare');
  const at = () => [now().selected, listedAt(now())];
  now().nextDifference();
  expect(at()).toEqual(['a', 0]);
  now().nextDifference();
  expect(at()).toEqual(['gone', 1]);
  now().previousDifference();
  now().previousDifference();
  expect(at()).toEqual(['new', 2]);
  now().nextDifference();
  expect(at()).toEqual(['a', 0]);

  now().showDifferences('removed');
  expect(listedDifferences(now()).map((difference) => difference.node)).toEqual(['gone']);
  expect(listedDifferences(now())).toBe(listedDifferences(now()));
  expect(listedAt(now())).toBe(-1);
  now().nextDifference();
  expect(at()).toEqual(['gone', 0]);
  now().showDifferences('rewired');
  now().nextDifference();
  expect(now().selected).toBe('gone');
});

it('a jump leaves the drawer of the inspector as it is', () => {
  show({ equalize: graph(node('a')), convert: graph(node('a'), node('new')) });
  now().setMode('compare');
  now().openInspector(false);
  now().nextDifference();
  expect(now().inspectorOpen).toBe(false);
});
