import { beforeEach, expect, it } from 'vitest';
import type { StudioView } from '../../src/index';
import { atOnce } from '../inParts';
import { fakeNode, NOTHING, stepView } from '../store/fakes/views';
import { type PackedView, StepReceiver, StepSender } from './stepViews';

const load = stepView('load');
const prepare = stepView('prepare');
const loaded: StudioView = { ...NOTHING, state: 1, steps: { load } };
const prepared: StudioView = { ...NOTHING, state: 2, steps: { load, prepare } };

let sender: StepSender;
let receiver: StepReceiver;
/** As a message takes it over the border. */
const cross = (packed: PackedView) => atOnce(receiver.unpack(structuredClone(packed)));
const send = (view: StudioView) => cross(sender.pack(view));

beforeEach(() => {
  sender = new StepSender('one');
  receiver = new StepReceiver();
});

it('brings every view over as it is', () => {
  for (const view of [loaded, prepared, loaded, NOTHING, prepared]) expect(send(view)).toEqual(view);
});

it('sends a step once, and the page keeps the same object for it', () => {
  const first = send(loaded);
  const packed = sender.pack(prepared);
  expect(packed.steps.map(([name, { view }]) => [name, view === null])).toEqual([
    ['load', true],
    ['prepare', false],
  ]);
  expect(cross(packed).steps.load).toBe(first.steps.load);
});

it('sends a step again that has run again, or that the view between did not have', () => {
  send(prepared);
  const again: StudioView = { ...prepared, steps: { load, prepare: stepView('prepare', 3) } };
  expect(send(again)).toEqual(again);
  send(loaded);
  expect(sender.pack(again).steps.map(([, { view }]) => view === null)).toEqual([true, false]);
});

it('sends all again where a message could not be sent', () => {
  send(loaded);
  sender.pack(prepared);
  sender.forget();
  expect(send(prepared)).toEqual(prepared);
});

it('begins anew with another worker', () => {
  send(prepared);
  sender = new StepSender('two');
  expect(send(prepared)).toEqual(prepared);
});

it('a step that neither end has is a defect, and is named', () => {
  const packed = sender.pack(loaded);
  const lost = {
    ...packed,
    steps: packed.steps.map(([name, step]) => [name, { ...step, view: null }] as const),
  };
  expect(() => cross(lost)).toThrow('internal: the page has lost the view of load');
});

it('brings over graphs and changes that take many pieces, in parts', () => {
  const names = Array.from({ length: 3000 }, (_, index) => `node "${index}" </script>\n→ 😀 ü`);
  const nodes = names.map((name, index) => ({ ...fakeNode(name), path: ['layers', `${index % 7}`] }));
  const edges = names.slice(1).map((to, index) => ({ from: names[index] ?? '', to }));
  const graph = { nodes, edges, text: names.join('\n') };
  const view: StudioView = { ...NOTHING, state: 1, steps: { load: { ...stepView('load', 2500), graph } } };
  const unpacking = receiver.unpack(structuredClone(sender.pack(view)));
  let parts = 0;
  let next = unpacking.next();
  for (; !next.done; next = unpacking.next()) parts++;
  expect(next.value).toEqual(view);
  expect(parts).toBeGreaterThan(10);
  const read = next.value.steps.load?.graph.nodes;
  expect(read?.[7]?.path).toBe(read?.[0]?.path);
});

it("shows convert's own graph as one of its forms, the same object", () => {
  const convert = stepView('convert');
  const view: StudioView = { ...NOTHING, state: 1, steps: { convert } };
  const received = send(view).steps.convert;
  expect(received?.forms).toEqual(convert.forms);
  expect(received?.graph).toBe(received?.forms?.lowered?.graph);
  expect(received?.changes).toBe(received?.forms?.lowered?.changes);
});

it('a view of an edge between nodes that are not there is not sent', () => {
  const graph = { nodes: [fakeNode('x')], edges: [{ from: 'x', to: 'y' }], text: '' };
  const view: StudioView = { ...NOTHING, steps: { load: { ...load, graph } } };
  expect(() => sender.pack(view)).toThrow("internal: an edge names 'y', which the graph lacks");
});
