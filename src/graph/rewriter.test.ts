import { expect, it } from 'vitest';
import { GraphError } from './errors';
import { nodeName } from './ids';
import { Rewriter } from './rewriter';
import { callFunction, constant, output, placeholder, to } from './testGraph';

const x = nodeName('x');
const mul = nodeName('mul');
const start = () =>
  new Rewriter({
    nodes: [
      placeholder('x'),
      callFunction('relu', 'torch.relu', [to('x')]),
      callFunction('add', 'torch.add', [to('relu'), to('x')]),
      output(to('add')),
    ],
  });
const usersOf = (rewriter: Rewriter, name = x) => rewriter.users(name).map((u) => u.name);

it('keeps users in step with every edit', () => {
  const rewriter = start();
  expect(usersOf(rewriter)).toEqual(['relu', 'add']);
  rewriter.insertAfter(x, callFunction('mul', 'torch.mul', [to('x'), 2]), '');
  expect(usersOf(rewriter)).toEqual(['relu', 'add', 'mul']);
  rewriter.rewire(nodeName('relu'), x, mul, '');
  expect(usersOf(rewriter)).toEqual(['add', 'mul']);
  expect(usersOf(rewriter, mul)).toEqual(['relu']);
  rewriter.remove(nodeName('relu'), mul, '');
  expect(usersOf(rewriter, mul)).toEqual(['add']);
  rewriter.replace(callFunction('add', 'torch.add', [to('mul'), 1]), '');
  expect(usersOf(rewriter)).toEqual(['mul']);
});

it('rewires every place in which a node is read: lists, keywords, slices, dicts', () => {
  const reader = callFunction('f', 'torch.f', [[to('x'), 1], { slice: [to('x'), null, 2] }], {
    weight: to('x'),
    more: { dict: { a: [to('x')] } },
  });
  const rewriter = new Rewriter({ nodes: [placeholder('x'), placeholder('y'), reader, output(to('f'))] });
  rewriter.rewire(reader.name, x, nodeName('y'), '');
  expect(rewriter.get(reader.name)).toEqual(
    callFunction('f', 'torch.f', [[to('y'), 1], { slice: [to('y'), null, 2] }], {
      weight: to('y'),
      more: { dict: { a: [to('y')] } },
    }),
  );
  expect(usersOf(rewriter)).toEqual([]);
});

it('puts nodes where it was told', () => {
  const rewriter = start();
  rewriter.insertBefore(x, constant('first'), '');
  rewriter.insertAfter(nodeName('output'), constant('last'), '');
  rewriter.insertAfter(nodeName('relu'), constant('middle'), '');
  expect(rewriter.graph.nodes.map((n) => n.name)).toEqual([
    'first',
    'x',
    'relu',
    'middle',
    'add',
    'output',
    'last',
  ]);
});

it('a node that is still read cannot go without a replacement', () => {
  const rewriter = start();
  expect(() => rewriter.remove(nodeName('relu'), null, '')).toThrow(
    "internal: 'relu' is still read by 'add'.",
  );
});

it('refuses a taken name and unknown nodes, by name', () => {
  const rewriter = start();
  expect(() => rewriter.insertBefore(nodeName('add'), constant('relu'), '')).toThrow("'relu' is taken");
  for (const edit of [
    () => rewriter.get(nodeName('nobody')),
    () => rewriter.insertAfter(nodeName('nobody'), constant('w'), ''),
    () => rewriter.rewire(nodeName('nobody'), x, x, ''),
    () => rewriter.remove(nodeName('nobody'), null, ''),
  ])
    expect(edit).toThrow(new GraphError("internal: no node 'nobody' in the graph.", 'nobody'));
});

it('a removed name is free again', () => {
  const rewriter = start();
  expect(rewriter.freeName('relu')).toBe('relu_1');
  rewriter.remove(nodeName('relu'), x, '');
  expect(rewriter.freeName('relu')).toBe('relu');
  expect(rewriter.freeName('add')).toBe('add_1');
});

it('renames nodes where they stand and where they are read', () => {
  const rewriter = start();
  rewriter.rename([[nodeName('relu'), nodeName('first')]], '');
  expect(rewriter.find(nodeName('relu'))).toBeUndefined();
  expect(rewriter.graph.nodes.map((node) => node.name)).toEqual(['x', 'first', 'add', 'output']);
  expect(usersOf(rewriter, nodeName('first'))).toEqual(['add']);
  expect(usersOf(rewriter)).toEqual(['first', 'add']);
});

it('refuses a new name that is taken', () => {
  expect(() => start().rename([[nodeName('relu'), nodeName('add')]], '')).toThrow("'add' is taken");
});

it('renaming nothing is no change', () => {
  const rewriter = start();
  rewriter.rename([], '');
  expect(rewriter.changes).toEqual([]);
});
