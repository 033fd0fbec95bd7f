import { describe, expect, it } from 'vitest';
import type { NodeRole } from '../../src/index';
import { layoutGraph } from './layout';
import { type Arrangement, type LayoutNode, NODE_HEIGHT, NODE_WIDTH } from './nodeSize';
import {
  centredAt,
  centredOn,
  type Drawn,
  fitted,
  hasRoomBeside,
  kept,
  overview,
  READABLE,
} from './viewport';

/** A chain of ops; the second one reads two constants. */
function chain(length: number, arrangement: Arrangement = 'beside'): Drawn {
  const ops = Array.from({ length }, (_, index) => ({ name: `n${index}`, role: 'op' as NodeRole }));
  const constants: LayoutNode[] = ['a', 'b'].map((name) => ({ name, role: 'param' }));
  const edges = ops.slice(1).map(({ name }, index) => ({ from: `n${index}`, to: name }));
  const nodes = [...ops, ...constants];
  const read = constants.map(({ name }) => ({ from: name, to: 'n1' }));
  return { nodes, positions: layoutGraph({ arrangement, nodes, edges: [...edges, ...read] }) };
}
/** Two long chains side by side, as a graph goes on in a further column; the first one is the main chain. */
function besideItself(): Drawn {
  const { nodes, positions } = chain(60);
  const second = nodes.map((node) => ({ ...node, name: `${node.name} of the second` }));
  const places = [...positions].map(
    ([name, place]) => [`${name} of the second`, { ...place, x: place.x + 1900 }] as const,
  );
  return { nodes: [...nodes, ...second], positions: new Map([...positions, ...places]) };
}
const WIDE = { width: 700, height: 520 };
/** One of two panes of a window of 1280 pixels. */
const HALF = { width: 346, height: 490 };

/** Where a node's left and right edges are in the pane. */
function edgesOf(drawn: Drawn, name: string, view: { x: number; zoom: number }) {
  const role = drawn.nodes.find((node) => node.name === name)?.role ?? 'op';
  const x = drawn.positions.get(name)?.x ?? Number.NaN;
  return [x * view.zoom + view.x, (x + NODE_WIDTH[role]) * view.zoom + view.x];
}

describe('a fresh view', () => {
  it('never makes letters of 11 px smaller than 10, and starts a long graph at its top', () => {
    const view = fitted(chain(200), WIDE);
    expect(view.zoom).toBe(READABLE);
    expect(11 * view.zoom).toBeGreaterThanOrEqual(10 - 1e-9);
    expect(view.y).toBeGreaterThan(0);
    expect(view.x).toBe(WIDE.width / 2);
  });

  it('shows both constants whole, also in half of a small window', () => {
    expect([hasRoomBeside(WIDE), hasRoomBeside(HALF)]).toEqual([true, false]);
    for (const [pane, arrangement] of [
      [WIDE, 'beside'],
      [HALF, 'above'],
    ] as const) {
      const drawn = chain(12, arrangement);
      const view = fitted(drawn, pane);
      expect(edgesOf(drawn, 'a', view)[0]).toBeGreaterThanOrEqual(0);
      expect(edgesOf(drawn, 'b', view)[1]).toBeLessThanOrEqual(pane.width);
    }
  });

  it('shows all of a graph, however long, when asked to', () => {
    const drawn = chain(40);
    const { y, zoom } = overview(drawn, WIDE);
    expect((drawn.positions.get('n39')?.y ?? 0) * zoom + y).toBeLessThan(WIDE.height);
  });
});

describe('a view that is there', () => {
  const drawn = chain(6);
  const fresh = fitted(drawn, WIDE);

  it('stays while half of the graph is in sight', () => {
    const moved = { ...fresh, y: fresh.y - 90 };
    expect(kept(drawn, WIDE, moved, WIDE)).toEqual(moved);
  });
  it('gives way to a fresh one when the graph is out of sight', () => {
    expect(kept(drawn, WIDE, { ...fresh, y: -5000 }, WIDE)).toEqual(fresh);
    expect(kept(drawn, WIDE, { ...fresh, x: 5000, zoom: 2 }, WIDE)).toEqual(fresh);
  });
  it('stays in the middle of a long graph, of which no view shows half', () => {
    const long = chain(200);
    const middle = { ...fitted(long, WIDE), y: -5000 };
    expect(kept(long, WIDE, middle, WIDE)).toEqual(middle);
  });
  it('does not cut off the constants in a pane that has become narrower', () => {
    const above = chain(6, 'above');
    const view = kept(above, HALF, { ...fresh, zoom: 1.2 }, WIDE);
    expect(edgesOf(above, 'a', view)[0]).toBeGreaterThanOrEqual(0);
    expect(edgesOf(above, 'b', view)[1]).toBeLessThanOrEqual(HALF.width);
  });
  it('keeps its middle in a pane of another width', () => {
    const wider = { width: 1100, height: WIDE.height };
    expect(kept(drawn, wider, fresh, WIDE)).toEqual({ ...fresh, x: wider.width / 2 });
  });
  it('stays beside the main chain, where somebody went, in a pane of another size', () => {
    const wide = besideItself();
    const beside = { ...fitted(wide, WIDE), x: -1500 };
    const lower = { ...WIDE, height: 340 };
    expect(kept(wide, lower, beside, WIDE)).toEqual(beside);
  });
  it('is not moved sideways by going to a node that is in sight', () => {
    expect(centredOn({ name: 'n5', role: 'op' }, drawn.positions, WIDE, fresh)?.x).toBe(fresh.x);
    expect(centredOn({ name: 'gone', role: 'op' }, drawn.positions, WIDE, fresh)).toBeNull();
  });
});

describe('a view with the selected node in it', () => {
  const long = chain(200);
  const PLACE = long.positions.get('n100') ?? { x: Number.NaN, y: Number.NaN };
  const rect = { ...PLACE, width: NODE_WIDTH.op, height: NODE_HEIGHT };
  const held = { before: rect, after: rect };
  const lower = { ...WIDE, height: 200 };
  /** The node's upper edge stands that many pixels under the pane's. */
  const withTopAt = (top: number) => ({ ...fitted(long, WIDE), y: top - PLACE.y * READABLE });
  const top = (y: number) => PLACE.y * READABLE + y;

  it('keeps it in a pane that has become lower, and is moved no further than that needs', () => {
    const { y } = kept(long, lower, withTopAt(400), WIDE, held);
    expect(top(y)).toBeGreaterThan(0);
    expect(top(y) + NODE_HEIGHT * READABLE).toBeLessThan(lower.height);
    expect(kept(long, lower, withTopAt(100), WIDE, held)).toEqual(withTopAt(100));
  });
  it('does not come back to one that was left', () => {
    const left = withTopAt(WIDE.height + 300);
    expect(kept(long, lower, left, WIDE, held)).toEqual(left);
  });
  it('follows it to its place in another layout, and keeps its size', () => {
    const small = { ...withTopAt(200), zoom: 0.3, y: 200 - PLACE.y * 0.3 };
    const moved = { ...rect, y: rect.y + 4000 };
    const { y, zoom } = kept(long, WIDE, small, WIDE, { before: rect, after: moved });
    expect(zoom).toBe(0.3);
    expect(moved.y * zoom + y).toBeGreaterThan(0);
    expect((moved.y + NODE_HEIGHT) * zoom + y).toBeLessThan(WIDE.height);
  });
});

describe('a view with a list over it', () => {
  const NODE = { x: 0, y: 0, width: 192, height: 42 };
  const SEEN = { x: 0, y: 0, zoom: 1 };
  /** Where the middle of the node comes to be. */
  const middle = (pane: typeof WIDE, cover: typeof NODE) => {
    const { x, y, zoom } = centredAt(NODE, pane, SEEN, cover);
    return [x + 96 * zoom, y + 21 * zoom];
  };

  it('brings a place to the middle of the largest room beside it', () => {
    expect(middle(WIDE, { x: 310, y: 0, width: 380, height: 350 })).toEqual([96, 260]);
    expect(middle({ width: 1200, height: 730 }, { x: 0, y: 0, width: 380, height: 325 })).toEqual([790, 365]);
    expect(middle(HALF, { x: 0, y: 0, width: 346, height: 350 })).toEqual([96, 420]);
  });
  it('takes the whole pane where nothing beside it has room for the place', () => {
    expect(middle(HALF, { x: 20, y: 20, width: 300, height: 440 })).toEqual([96, 245]);
  });
});
