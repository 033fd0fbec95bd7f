import { describe, expect, it } from 'vitest';
import type { NodeView } from '../../../src/index';
import { groupTree, NO_GROUPS } from '../../store/groups/groupTree';
import { matchesOf } from './matches';

const node = (name: string, type: string, shape: string, path: readonly string[] = []): NodeView => ({
  name,
  type,
  shape,
  path,
  role: 'op',
  change: 'same',
  opcode: 'call_module',
  detail: '',
  line: '',
});
const NODES = [
  node('my_relu', 'ReLU', '[n, 64]'),
  node('relu_1', 'ReLU', '[n, 8, 3]'),
  node('relu', 'ReLU', '[n, 64]'),
  node('fc', 'Linear', '[n, 64]', ['head']),
  node('out', 'Linear', '[n, 10]', ['head']),
];
const found = (text: string) => matchesOf(text, NODES, NO_GROUPS).map(({ name }) => name);

describe('matchesOf', () => {
  it('finds names, the closest first', () => {
    expect(found('relu')).toEqual(['relu', 'relu_1', 'my_relu']);
    const constants = ['p2o_Conv_2_scale', 'p2o_Conv_12', 'p2o_Conv_2'].map((name) =>
      node(name, 'Conv2d', ''),
    );
    expect(matchesOf('Conv_2', constants, NO_GROUPS).map(({ name }) => name)).toEqual([
      'p2o_Conv_2',
      'p2o_Conv_2_scale',
    ]);
    expect(found('nothing')).toEqual([]);
    expect(found('  ')).toEqual([]);
  });
  it('finds types, shapes and module paths, and wants every word', () => {
    expect(found('linear')).toEqual(['fc', 'out']);
    expect(found('8, 3')).toEqual(['relu_1']);
    expect(found('linear 64')).toEqual(['fc']);
    expect(found('HEAD')).toEqual(['fc', 'out']);
  });
  it('finds groups', () => {
    const tree = groupTree({ nodes: NODES, edges: [], text: '' });
    expect(matchesOf('head', NODES, tree)[0]).toMatchObject({
      kind: 'group',
      name: 'head',
      shape: '2 nodes',
    });
  });
});
