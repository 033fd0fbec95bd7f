import { describe, expect, it } from 'vitest';
import type { NodeView } from '../../src/index';
import { modulesAround, outlineOf, rowsOf } from './tree';
import { treeMove } from './treeKeys';

const node = (name: string, ...path: string[]): NodeView => ({
  name,
  path,
  opcode: 'call_module',
  role: 'layer',
  type: 'Linear',
  detail: '',
  shape: '',
  line: name,
  change: 'same',
});
const NODES = [
  node('x'),
  node('q', 'blocks', '0'),
  node('k', 'blocks', '0'),
  node('fc', 'blocks', '1'),
  node('out'),
];
const items = outlineOf(NODES);
const keys = (open: readonly string[]) =>
  rowsOf(items, new Set(open)).map(({ item, level }) => `${level} ${item.key}`);

describe('the outline', () => {
  it('is a tree of the modules in the order of the graph, closed at first', () => {
    expect(keys([])).toEqual(['1 node x', '1 blocks', '1 node out']);
    expect(keys(['blocks', 'blocks.0'])).toEqual([
      '1 node x',
      '1 blocks',
      '2 blocks.0',
      '3 node q',
      '3 node k',
      '2 blocks.1',
      '1 node out',
    ]);
  });

  it('counts the nodes of a module at any depth, and places each line among its siblings', () => {
    expect(items[1]).toMatchObject({ kind: 'module', count: 3 });
    expect(rowsOf(items, new Set(['blocks']))[3]).toMatchObject({
      level: 2,
      place: 2,
      siblings: 2,
      parent: 'blocks',
    });
  });

  it('knows the modules to open for a node', () => {
    expect(modulesAround(node('q', 'blocks', '0'))).toEqual(['blocks', 'blocks.0']);
  });
});

describe('keys of the outline', () => {
  const open = new Set(['blocks']);
  const rows = rowsOf(items, open);
  const move = (key: string, at: number) => treeMove(key, rows, at, open);

  it('go from line to line and stop at both ends', () => {
    expect(move('ArrowDown', 0)).toEqual({ kind: 'go', to: 1 });
    expect(move('ArrowUp', 0)).toEqual({ kind: 'go', to: 0 });
    expect(move('End', 0)).toEqual({ kind: 'go', to: 4 });
  });

  it('open, enter, close and leave a module', () => {
    expect(move('ArrowRight', 2)).toEqual({ kind: 'open', at: 2 });
    expect(move('ArrowRight', 1)).toEqual({ kind: 'go', to: 2 });
    expect(move('ArrowLeft', 1)).toEqual({ kind: 'close', at: 1 });
    expect(move('ArrowLeft', 2)).toEqual({ kind: 'go', to: 1 });
    expect(move('ArrowLeft', 0)).toBeNull();
  });

  it('find the next line by its first letter, around the end', () => {
    expect(move('o', 1)).toEqual({ kind: 'go', to: 4 });
    expect(move('x', 1)).toEqual({ kind: 'go', to: 0 });
    expect(move('z', 1)).toBeNull();
    expect(move('Tab', 1)).toBeNull();
  });
});
