import { expect, it } from 'vitest';
import { revertChange } from './change';
import { removeDeadNodes } from './deadNodes';
import { Rewriter } from './rewriter';
import { callFunction, constant, output, placeholder, to } from './testGraph';

it('removes what nothing reads, and what only that read; inputs stay', () => {
  const graph = {
    nodes: [
      placeholder('x'),
      placeholder('unread'),
      constant('w'),
      callFunction('a', 'torch.mul', [to('x'), to('w')]),
      callFunction('b', 'torch.relu', [to('a')]),
      callFunction('y', 'torch.relu', [to('x')]),
      output(to('y')),
    ],
  };
  const rewriter = new Rewriter(graph);
  removeDeadNodes(rewriter);
  expect(rewriter.graph.nodes.map((node) => node.name)).toEqual(['x', 'unread', 'y', 'output']);
  expect(rewriter.changes.reduceRight(revertChange, rewriter.graph)).toEqual(graph);
});
