import { expect, it } from 'vitest';
import type { GraphView, NodeView } from '../../../src/index';
import { differencesOf } from './differencesOf';

const node = (name: string, patch: Partial<NodeView> = {}): NodeView => ({
  name,
  role: 'op',
  change: 'same',
  opcode: 'call_module',
  type: 'Linear',
  detail: '',
  shape: '',
  line: '',
  path: [],
  ...patch,
});
/** Each node reads the one before it. */
const chain = (...nodes: readonly NodeView[]): GraphView => ({
  nodes,
  edges: nodes.slice(1).map(({ name }, i) => ({ from: nodes[i]?.name ?? '', to: name })),
  text: '',
});
const told = (before: GraphView, after: GraphView, touched?: ReadonlySet<string>) =>
  differencesOf(before, after, touched).map(({ node: name, kind, what }) => `${kind} ${name}: ${what}`);

it('a graph does not differ from itself', () => {
  const graph = chain(node('x'), node('fc'));
  expect(told(graph, graph)).toEqual([]);
});

it('says what differs in a node: type, detail, shape; of an observer its range', () => {
  const before = chain(
    node('x', { shape: '[n, 4]' }),
    node('obs', { role: 'observer', detail: '[0, 1]' }),
    node('fc', { detail: '4→4' }),
  );
  const after = chain(
    node('x', { shape: '[n, 8]' }),
    node('obs', { role: 'observer', detail: '[0, 2]' }),
    node('fc', { type: 'QuantizedLinear', detail: '' }),
  );
  expect(told(before, after)).toEqual([
    'changed x: shape [n, 4] → [n, 8]',
    'changed obs: range [0, 1] → [0, 2]',
    'changed fc: type Linear → QuantizedLinear; 4→4 becomes nothing',
  ]);
});

it('stands added nodes where they are, removed ones where they were, and says who reads something else', () => {
  const before = chain(node('x'), node('relu', { type: 'ReLU' }), node('fc'));
  const after = chain(node('x'), node('obs', { type: 'MinMaxObserver' }), node('fc'));
  expect(told(before, after)).toEqual([
    'removed relu: ReLU removed',
    'added obs: MinMaxObserver added',
    'rewired fc: reads relu → obs',
  ]);
});

it('a removed node in front of all others comes first', () => {
  const before = chain(node('early'), node('x'));
  expect(told(before, chain(node('x')))).toEqual([
    'removed early: Linear removed',
    'rewired x: reads early → nothing',
  ]);
});

it('a node that looks the same differs where its tensors were touched', () => {
  const graph = chain(node('x'), node('fc'));
  expect(told(graph, graph, new Set(['fc']))).toEqual(['changed fc: its tensors were scaled or exchanged']);
});
