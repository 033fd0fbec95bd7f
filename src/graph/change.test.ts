import { describe, expect, it } from 'vitest';
import { applyChange, type Change, revertChange } from './change';
import { GraphError } from './errors';
import type { Graph } from './graph';
import { nodeName, paramName } from './ids';
import { Rewriter } from './rewriter';
import { callFunction, constant, output, placeholder, to } from './testGraph';

const relu = callFunction('relu', 'torch.relu', [to('x')]);
const add = callFunction('add', 'torch.add', [to('relu'), to('x')]);
const before: Graph = { nodes: [placeholder('x'), relu, add, output(to('add'))] };
const names = (graph: Graph) => graph.nodes.map((node) => node.name);
const x = nodeName('x');

/** Plays the changes one by one, forwards and back, and returns every graph on the way. */
function play(graph: Graph, changes: readonly Change[]): readonly Graph[] {
  const graphs = [graph];
  for (const change of changes) graphs.push(applyChange(graphs[graphs.length - 1] ?? graph, change));
  for (let i = changes.length - 1; i >= 0; i--) {
    const change = changes[i];
    const after = graphs[i + 1];
    if (change && after) expect(revertChange(after, change), change.sentence).toEqual(graphs[i]);
  }
  return graphs;
}

const EDITS: Record<string, (rewriter: Rewriter) => void> = {
  'insert before': (r) => r.insertBefore(relu.name, constant('w'), 'because'),
  'insert after the last': (r) => r.insertAfter(nodeName('output'), constant('w'), 'because'),
  'insert after, then rewire': (r) => {
    r.insertAfter(x, callFunction('mul', 'torch.mul', [to('x'), 2]), 'because');
    r.rewire(relu.name, x, nodeName('mul'), 'because');
  },
  'remove, with readers moved': (r) => r.remove(relu.name, x, 'because'),
  'remove the first of two inserted': (r) => {
    r.insertBefore(add.name, constant('a'), 'because');
    r.insertBefore(add.name, constant('b'), 'because');
    r.remove(nodeName('a'), null, 'because');
  },
  'move behind a reader of the same value': (r) => {
    r.insertAfter(x, callFunction('mul', 'torch.mul', [to('x'), 2]), 'because');
    r.moveBefore(nodeName('mul'), add.name, 'because');
  },
  'move to where it stands': (r) => r.moveBefore(relu.name, add.name, 'because'),
  'put another node in place': (r) => r.replace({ ...relu, args: [to('x'), 1] }, 'because'),
  'rename, two exchanging their names': (r) =>
    r.rename(
      [
        [relu.name, add.name],
        [add.name, relu.name],
      ],
      'because',
    ),
  'rename, then edit under the new name': (r) => {
    r.rename([[relu.name, nodeName('first')]], 'because');
    r.insertAfter(nodeName('first'), constant('w'), 'because');
  },
  'rescale only': (r) => r.rescale(relu.name, 'columns', [paramName('w')], 'because'),
};

describe.each(Object.entries(EDITS))('%s', (_, edit) => {
  it('can be played forwards and back', () => {
    const rewriter = new Rewriter(before);
    edit(rewriter);
    const graphs = play(before, rewriter.changes);
    expect(graphs[graphs.length - 1]).toEqual(rewriter.graph);
  });
});

it('says what it did, change by change', () => {
  const rewriter = new Rewriter(before);
  rewriter.remove(relu.name, x, 'ReLU is gone.');
  expect(rewriter.changes.map((c) => [c.kind, c.nodes, c.sentence])).toEqual([
    ['rewire', ['add', 'x'], 'add reads x instead of relu.'],
    ['remove', ['relu'], 'ReLU is gone.'],
  ]);
  expect(rewriter.graph.nodes[1]).toEqual({ ...add, args: [to('x'), to('x')] });
});

it('leaves the graph that it was given alone', () => {
  const copy = structuredClone(before);
  const rewriter = new Rewriter(before);
  rewriter.remove(relu.name, x, 'because');
  expect(before).toEqual(copy);
});

it('a change of another graph is an internal error that names the node', () => {
  const change: Change = { kind: 'remove', nodes: [], sentence: '', node: relu, next: null };
  expect(() => applyChange({ nodes: [] }, change)).toThrow(/internal.*'relu'/);
  const rewire: Change = { kind: 'rewire', nodes: [], sentence: '', before: relu, after: relu };
  expect(() => revertChange({ nodes: [] }, rewire)).toThrow(GraphError);
  const insert: Change = { kind: 'insert', nodes: [], sentence: '', node: relu, next: nodeName('gone') };
  expect(() => applyChange(before, insert)).toThrow(/'gone'/);
});

it('reverting an insertion at the end takes the last node away', () => {
  const change: Change = { kind: 'insert', nodes: [], sentence: '', node: constant('w'), next: null };
  const after = applyChange(before, change);
  expect(names(after)).toEqual(['x', 'relu', 'add', 'output', 'w']);
  expect(revertChange(after, change)).toEqual(before);
});
