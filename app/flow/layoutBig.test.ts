import { describe, expect, it } from 'vitest';
import type { EdgeView } from '../../src/index';
import { linkKey } from './arrange/box';
import { layoutScene } from './layout';
import { type LayoutNode, NODE_HEIGHT, NODE_WIDTH } from './nodeSize';

const op = (name: string): LayoutNode => ({ name, role: 'op' });

/** Blocks of four nodes with their input running around them. */
function residual(blocks: number) {
  const nodes = [op('s0')];
  const edges: EdgeView[] = [];
  for (let block = 1; block <= blocks; block++) {
    const names = [`s${block - 1}`, `a${block}`, `b${block}`, `c${block}`, `s${block}`];
    nodes.push(...names.slice(1).map(op));
    edges.push(...names.slice(1).map((to, index) => ({ from: names[index] ?? '', to })));
    edges.push({ from: `s${block - 1}`, to: `s${block}` });
  }
  return { arrangement: 'beside', nodes, edges } as const;
}

describe('layout of large graphs', () => {
  it('leads an edge around the nodes that it passes', () => {
    const { positions, routes } = layoutScene(residual(1));
    const way = routes.get(linkKey({ from: 's0', to: 's1' }))?.points ?? [];
    expect(way.length).toBeGreaterThan(0);
    for (const { x, y } of way)
      for (const [name, place] of positions) {
        const isOn = x > place.x && x < place.x + NODE_WIDTH.op && y > place.y && y < place.y + NODE_HEIGHT;
        expect(isOn, `the edge passes under ${name}`).toBe(false);
      }
  });

  it('goes on in further columns where the graph is long, without overlaps', () => {
    const { positions } = layoutScene({ ...residual(200), columns: true });
    const places = [...positions.values()];
    const width = Math.max(...places.map(({ x }) => x)) - Math.min(...places.map(({ x }) => x));
    const height = Math.max(...places.map(({ y }) => y)) - Math.min(...places.map(({ y }) => y));
    expect(width / height).toBeGreaterThan(0.7);
    expect(width / height).toBeLessThan(2.5);
    const taken = new Set(places.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`));
    expect(taken.size).toBe(places.length);
  });

  it('lays out thousands of nodes in a time that grows with their number', () => {
    const time = (blocks: number) => {
      const request = residual(blocks);
      const start = process.cpuUsage();
      layoutScene(request);
      return process.cpuUsage(start).user / 1000;
    };
    // Time of this process, and the shortest of three: what else the machine does is not the layout's.
    const shortest = (blocks: number) => Math.min(time(blocks), time(blocks), time(blocks));
    time(100);
    expect(shortest(1250) / Math.max(shortest(312), 5)).toBeLessThan(12);
  });

  it('breaks cycles that closed groups make', () => {
    const edges = [
      { from: 'x', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
      { from: 'a', to: 'y' },
    ];
    const { positions } = layoutScene({ arrangement: 'beside', nodes: ['x', 'a', 'b', 'y'].map(op), edges });
    expect(positions.size).toBe(4);
    expect(new Set([...positions.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
  });
});
