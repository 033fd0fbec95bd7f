import type { TestModel } from '../exec/testModel';
import { linear, values } from './testExact';

type Graph = (g: TestModel) => string | readonly string[];

/** The defects of PyTorch's pass that DESIGN lists, and what exact semantics makes of them. */
export const TRAPS: Record<string, { graph: Graph; expected: Record<string, string> }> = {
  'connected layers': {
    graph: (g) => g.module('b', g.module('a', 'x', linear(6, 5)), linear(5, 4)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'ReLU between, fused': {
    graph: (g) =>
      g.module(
        'b',
        g.call('relu', 'torch.nn.functional.relu', g.module('a', 'x', linear(6, 5))),
        linear(5, 4),
      ),
    expected: { a: 'mul', b: 'fold a' },
  },
  'ReLU between, not fused': {
    graph: (g) => g.module('b', g.call('relu', 'torch.relu', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'LeakyReLU and Dropout between': {
    graph: (g) => {
      const leaky = g.call(
        'leaky_relu',
        'torch.nn.functional.leaky_relu',
        g.module('a', 'x', linear(6, 5)),
        0.1,
      );
      return g.module('b', g.module('drop', leaky, { type: 'torch.nn.Dropout' }), linear(5, 4));
    },
    expected: { a: 'mul', b: 'fold a' },
  },
  'a Tanh named like a ReLU': {
    graph: (g) =>
      g.module('b', g.call('relu_like', 'torch.tanh', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'mul' },
  },
  'a residual': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      return g.call('add', 'operator.add', g.module('b', a, linear(5, 5)), a);
    },
    expected: { a: 'mul', b: 'mul' },
  },
  'the tensor is also an output': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      return [g.module('b', a, linear(5, 4)), a];
    },
    expected: { a: 'mul', b: 'mul' },
  },
  'a module called twice': {
    graph: (g) => g.again('a_1', 'a', g.module('a', 'x', linear(6, 6))),
    expected: { a: 'skip', a_1: 'skip' },
  },
  'a producer called twice': {
    graph: (g) => {
      const first = g.again('a_1', 'a', g.module('a', 'x', linear(6, 6)));
      return g.module('b', first, linear(6, 3));
    },
    expected: { a: 'skip', a_1: 'skip', b: 'mul' },
  },
  'q, k and v share one input': {
    graph: (g) => {
      const q = g.module('q', 'x', linear(6, 4));
      const k = g.module('k', 'x', linear(6, 4));
      return g.call(
        'add_1',
        'operator.add',
        g.call('add', 'operator.add', q, k),
        g.module('v', 'x', linear(6, 4)),
      );
    },
    expected: { q: 'mul', k: 'mul', v: 'mul' },
  },
  'two layers fold into one producer': {
    graph: (g) => {
      const a = g.module('a', 'x', linear(6, 5));
      const relu = g.call('relu', 'torch.nn.functional.relu', a);
      return g.call(
        'add',
        'operator.add',
        g.module('b', relu, linear(5, 3)),
        g.module('c', relu, linear(5, 3)),
      );
    },
    expected: { a: 'mul', b: 'fold a', c: 'fold a' },
  },
  'no bias': {
    graph: (g) => g.module('b', g.module('a', 'x', linear(6, 5, false)), linear(5, 4, false)),
    expected: { a: 'mul', b: 'fold a' },
  },
  'a functional layer': {
    graph: (g) => {
      const weight = g.constant('w', values(5, 6));
      const f = g.call('f', 'torch.nn.functional.linear', 'x', weight, g.constant('bias', values(5)));
      return g.module('b', g.call('relu', 'torch.nn.functional.relu', f), linear(5, 4));
    },
    expected: { f: 'mul', b: 'fold f' },
  },
  'x is read by something else too': {
    graph: (g) =>
      g.call('add', 'operator.add', g.module('a', 'x', linear(6, 6)), g.call('div', 'torch.div', 'x', 2)),
    expected: { a: 'mul' },
  },
  'sigmoid in front': {
    graph: (g) =>
      g.module('b', g.call('sigmoid', 'torch.sigmoid', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    expected: { a: 'mul', b: 'mul' },
  },
};

/** The graph of a trap, by its title. */
export function trap(title: string): Graph {
  const found = TRAPS[title];
  if (!found) throw new Error(`there is no trap '${title}'`);
  return found.graph;
}
