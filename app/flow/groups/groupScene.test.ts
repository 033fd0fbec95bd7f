import { describe, expect, it } from 'vitest';
import type { EdgeView, GraphView, NodeChange, NodeView } from '../../../src/index';
import { groupTree } from '../../store/groups/groupTree';
import { isOpen, openAtFirst, withAll } from '../../store/groups/openGroups';
import { layoutScene } from '../layout';
import { compareScene, singleScene } from '../union';
import { groupScene } from './groupScene';

const node = (name: string, path: string, type = 'Linear', change: NodeChange = 'same'): NodeView => ({
  name,
  role: 'op',
  change,
  opcode: 'call_module',
  type,
  detail: '',
  shape: '',
  line: '',
  path: path === '' ? [] : path.split('.'),
});
const chain = (nodes: readonly NodeView[]): GraphView => ({
  nodes,
  edges: nodes.slice(1).map(({ name }, index): EdgeView => ({ from: nodes[index]?.name ?? '', to: name })),
  text: '',
});
/** `x`, then blocks of a Linear and a ReLU under `layers`, then `head` and `output`. */
const blocks = (count: number, last = 'ReLU'): GraphView =>
  chain([
    node('x', ''),
    ...Array.from({ length: count }, (_, block) => [
      node(`fc${block}`, `layers.${block}`),
      node(`act${block}`, `layers.${block}`, block === count - 1 ? last : 'ReLU'),
    ]).flat(),
    node('head', ''),
    node('output', ''),
  ]);

describe('groupTree', () => {
  it('finds equal blocks: a module of blocks of one structure says how many', () => {
    const { groups } = groupTree(blocks(12));
    expect(groups.get('group:layers')).toMatchObject({ repeats: 12, size: 24, parent: null });
    expect(groups.get('group:layers/0')?.like).toBeNull();
    expect(groups.get('group:layers/7')).toMatchObject({ like: 'layers.0', title: '7', size: 2 });
  });

  it('puts a run of equal blocks into a group of its own where others stand beside it', () => {
    const { groups } = groupTree(blocks(12, 'Tanh'));
    expect(groups.get('group:layers')?.groups).toEqual(['group:layers/0 … 10', 'group:layers/11']);
    expect(groups.get('group:layers/0 … 10')).toMatchObject({ repeats: 11, size: 22 });
    expect(groups.get('group:layers/11')?.like).toBeNull();
  });

  it('knows equal structure whatever the modules are called, and other wiring from it', () => {
    const modules = ['left', 'right', 'other'].flatMap((name) => [
      node(`${name}_a`, name),
      node(`${name}_b`, name),
    ]);
    const graph = chain([node('x', ''), ...modules]);
    const wired = graph.edges.map((edge) => (edge.to === 'other_b' ? { from: 'x', to: 'other_b' } : edge));
    const { groups } = groupTree({ ...graph, edges: wired });
    expect(groups.get('group:right')?.like).toBe('left');
    expect(groups.get('group:other')?.like).toBeNull();
  });

  it('takes modules that hold one module alone for one group', () => {
    const graph = chain([node('a', 'model.body'), node('b', 'model.body'), node('c', '')]);
    expect([...groupTree(graph).groups.values()]).toMatchObject([{ title: 'model.body', size: 2 }]);
  });
});

describe('what is open at first', () => {
  it('is all of a small model, and of a large one what gives a picture that can be read', () => {
    const small = groupTree(blocks(12));
    expect(openAtFirst(small).size).toBe(small.groups.size);
    const large = groupTree(blocks(400));
    expect(isOpen(large, {}, 'group:layers')).toBe(false);
    expect(isOpen(large, { 'group:layers': true }, 'group:layers')).toBe(true);
    const medium = groupTree(blocks(50, 'Tanh'));
    expect(isOpen(medium, {}, 'group:layers')).toBe(true);
  });
});

describe('groupScene', () => {
  it('draws a closed group as one node, with its edges once', () => {
    const graph = blocks(3);
    const tree = groupTree(graph);
    const { items, edges, after } = groupScene(singleScene(graph), tree, withAll(tree, false));
    expect(items.map(({ name }) => name)).toEqual(['x', 'group:layers', 'head', 'output']);
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'x group:layers',
      'group:layers head',
      'head output',
    ]);
    expect(after.closed.map(({ members }) => members.length)).toEqual([6]);
  });

  it('counts what a step added on the side where it stands', () => {
    const before = blocks(3);
    const observer = node('obs', 'layers.1', 'MinMaxObserver', 'added');
    const after = {
      ...before,
      nodes: before.nodes.toSpliced(4, 0, observer),
      edges: [...before.edges, { from: 'fc1', to: 'obs' }],
    };
    const tree = groupTree(before);
    const scene = groupScene(compareScene(before, after), tree, withAll(tree, false));
    expect(scene.before?.closed[0]?.members.length).toBe(6);
    expect(scene.after.closed[0]?.members.filter(({ change }) => change === 'added').length).toBe(1);
  });

  it('stands open groups around their nodes', () => {
    const graph = blocks(3);
    const tree = groupTree(graph);
    const { items, edges, frames } = groupScene(singleScene(graph), tree, withAll(tree, true));
    const laidOut = layoutScene({ arrangement: 'beside', nodes: items, edges, frames });
    const outer = laidOut.frames.get('group:layers');
    for (const { id } of frames) {
      const frame = laidOut.frames.get(id);
      expect(frame && outer && frame.y >= outer.y && frame.y + frame.height <= outer.y + outer.height).toBe(
        true,
      );
    }
    const xs = ['x', 'fc0', 'act2', 'head'].map((name) => laidOut.positions.get(name)?.x);
    expect(new Set(xs).size).toBe(1);
    expect(laidOut.positions.get('act2')?.y).toBeLessThan(laidOut.positions.get('head')?.y ?? 0);
  });
});
