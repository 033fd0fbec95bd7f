import { describe, expect, it } from 'vitest';
import type { EdgeView, GraphView, NodeChange, NodeRole, NodeView } from '../../src/index';
import { layoutGraph, layoutScene } from './layout';
import { NODE_HEIGHT, NODE_WIDTH, widthWithConstants } from './nodeSize';
import { SMALL } from './smallLayout';
import { compareScene } from './union';

const node = (name: string, role: NodeRole = 'op', change: NodeChange = 'same'): NodeView => ({
  name,
  role,
  change,
  opcode: 'call_module',
  type: '',
  detail: '',
  shape: '',
  line: '',
  path: [],
});
const edges = (...pairs: readonly string[]): EdgeView[] =>
  pairs.map((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return { from, to };
  });
const graph = (nodes: readonly NodeView[], links: readonly EdgeView[]): GraphView => ({
  nodes,
  edges: links,
  text: '',
});

/** Prepare's chain against Equalize's: an observer goes, a mul with its scale comes. */
const before = graph(
  [node('x', 'input'), node('obs', 'observer'), node('eq', 'equalization'), node('fc', 'layer')],
  edges('x obs', 'obs eq', 'eq fc'),
);
const after = graph(
  [
    node('x', 'input'),
    node('scale', 'param', 'added'),
    node('mul', 'op', 'added'),
    node('obs', 'observer', 'changed'),
    node('fc', 'layer', 'changed'),
  ],
  edges('x mul', 'scale mul', 'mul obs', 'obs fc'),
);

describe('compareScene', () => {
  it('marks what is gone on the earlier side; added nodes are ghosts there', () => {
    const { before: earlier } = compareScene(before, after);
    const [own, ghosts] = [false, true].map((wanted) =>
      earlier?.nodes.filter(({ ghost = false }) => ghost === wanted),
    );
    expect(ghosts?.map(({ name, change }) => `${name} ${change}`)).toEqual(['scale added', 'mul added']);
    expect(own?.map(({ name, change }) => `${name} ${change}`)).toEqual([
      'x same',
      'obs changed',
      'eq removed',
      'fc changed',
    ]);
  });

  it('lays out every node of both sides once, in one straight column', () => {
    const { union } = compareScene(before, after);
    const names = union.nodes.map(({ name }) => name);
    expect([...names].sort()).toEqual(['eq', 'fc', 'mul', 'obs', 'scale', 'x']);
    const positions = layoutGraph({ ...union, arrangement: 'beside' });
    const column = ['x', 'mul', 'obs', 'eq', 'fc'].map((name) => positions.get(name));
    expect(new Set(column.map((place) => place?.x))).toEqual(new Set([-NODE_WIDTH.op / 2]));
    const heights = column.map((place) => place?.y ?? Number.NaN);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(5);
  });

  it('gives a removed node the place of the node that replaced it', () => {
    const observed = graph([node('x'), node('obs', 'observer'), node('fc')], edges('x obs', 'obs fc'));
    const quantized = graph(
      [node('x'), node('scale', 'param', 'added'), node('q', 'quantize', 'added'), node('fc')],
      edges('x q', 'scale q', 'q fc'),
    );
    const { slots, union } = compareScene(observed, quantized);
    expect([...slots]).toEqual([['obs', 'q']]);
    expect(union.nodes.map(({ name }) => name)).toEqual(['x', 'scale', 'q', 'fc']);
    expect(union.edges).toEqual(edges('x q', 'scale q', 'q fc'));
  });

  it('does so for a chain that is longer than what it replaced', () => {
    const observed = graph([node('x'), node('obs', 'observer'), node('op')], edges('x obs', 'obs op'));
    const simulated = graph(
      [node('x'), node('q', 'quantize', 'added'), node('deq', 'quantize', 'added'), node('op')],
      edges('x q', 'q deq', 'deq op'),
    );
    const { slots, union } = compareScene(observed, simulated);
    expect([...slots]).toEqual([['obs', 'q']]);
    expect(union.edges).toEqual(edges('x q', 'q deq', 'deq op'));
  });

  it('keeps a residual edge that both sides have', () => {
    const residual = graph([node('x'), node('fc'), node('add')], edges('x fc', 'fc add', 'x add'));
    expect(compareScene(residual, residual).union.edges).toEqual(residual.edges);
  });
});

describe('layoutGraph', () => {
  it('puts constants of one reader beside it: left, right, and further ones above', () => {
    const nodes = [node('x'), ...['a', 'b', 'c'].map((name) => node(name, 'param')), node('q')];
    const positions = layoutGraph({ arrangement: 'beside', nodes, edges: edges('x q', 'a q', 'b q', 'c q') });
    const [a, b, c, q] = ['a', 'b', 'c', 'q'].map((name) => positions.get(name));
    expect([a?.constant, b?.constant, c?.constant, q?.constant]).toEqual(['left', 'right', null, null]);
    expect([a?.y, b?.y]).toEqual([q?.y, q?.y]);
    expect(c?.y).toBeLessThan(q?.y ?? 0);
    expect((a?.x ?? 0) + NODE_WIDTH.param).toBeLessThan(q?.x ?? 0);
    expect(b?.x).toBeGreaterThan((q?.x ?? 0) + NODE_WIDTH.op);
  });

  it('puts them in a row of their own above their reader where the pane is narrow', () => {
    const nodes = [node('x'), ...['a', 'b'].map((name) => node(name, 'param')), node('q'), node('y')];
    const links = edges('x q', 'a q', 'b q', 'q y');
    const positions = layoutGraph({ arrangement: 'above', nodes, edges: links });
    const [x, a, b, q, y] = ['x', 'a', 'b', 'q', 'y'].map((name) => positions.get(name));
    const row = (y?.y ?? 0) - (q?.y ?? 0);
    expect([a?.y, b?.y, q?.y]).toEqual([(x?.y ?? 0) + row, (x?.y ?? 0) + row, (x?.y ?? 0) + 2 * row]);
    expect([x?.x, q?.x, y?.x]).toEqual([x?.x, x?.x, x?.x]);
    expect((b?.x ?? 0) - (a?.x ?? 0)).toBeGreaterThan(NODE_WIDTH.param);
    expect((b?.x ?? 0) + NODE_WIDTH.param - (a?.x ?? 0)).toBe(widthWithConstants('op', 'above'));
  });

  it('lets no two nodes overlap where the graph branches, whatever they are called', () => {
    const names = ['x', 'constructor', '__proto__', 'toString', 'sum'];
    const links = edges('x constructor', 'x __proto__', 'x toString', 'constructor sum', '__proto__ sum');
    const positions = layoutGraph({
      arrangement: 'beside',
      nodes: names.map((name) => node(name)),
      edges: links,
    });
    const places = names.map((name) => positions.get(name) ?? { x: Number.NaN, y: Number.NaN });
    places.forEach((one, index) => {
      for (const other of places.slice(index + 1)) {
        const apart = Math.abs(one.x - other.x) >= NODE_WIDTH.op || Math.abs(one.y - other.y) >= NODE_HEIGHT;
        expect(apart).toBe(true);
      }
    });
  });

  it('lays out a chain of five thousand nodes in one column', () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node(`n${index}`));
    const links = nodes.slice(1).map(({ name }, index) => ({ from: `n${index}`, to: name }));
    const positions = layoutGraph({ arrangement: 'beside', nodes, edges: links });
    expect(positions.size).toBe(5000);
    expect(positions.get('n4999')?.y).toBe(4999 * (positions.get('n1')?.y ?? Number.NaN));
  });

  it('refuses an edge to a node that is not there', () => {
    expect(() => layoutGraph({ arrangement: 'beside', nodes: [node('x')], edges: edges('x y') })).toThrow(
      'x → y',
    );
  });
});

it('the graph that the worker begins with has a place for each node and frame', () => {
  const { positions, frames } = layoutScene(SMALL);
  expect([...positions.keys()]).toEqual(SMALL.nodes.map(({ name }) => name));
  expect([...frames.keys()]).toEqual(['frame']);
});
