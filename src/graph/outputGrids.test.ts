import { describe, expect, it } from 'vitest';
import { nodeName } from './ids';
import type { Node } from './node';
import { outputGrids } from './outputGrids';
import { floatTensor } from './tensor';
import { callFunction, callMethod, constant, modelOf, output, placeholder, to } from './testGraph';

const F = 'torch.nn.functional';
const number = (value: number) => floatTensor([], Float32Array.of(value));
const PARAMS = { s: number(0.5), z: number(3), s2: number(2) };
const quantize = (name: string, scale = 's') =>
  callFunction(name, 'torch.quantize_per_tensor', [to('x'), to(scale), to('z'), { dtype: 'torch.quint8' }]);
const GRID = { scale: 0.5, zeroPoint: 3, dtype: 'torch.quint8' };

function gridsOf(...nodes: readonly Node[]) {
  const constants = ['s', 'z', 's2'].map((name) => constant(name));
  const last = nodes[nodes.length - 1];
  const model = modelOf(
    [placeholder('x'), ...constants, quantize('q'), ...nodes, output(to(last?.name ?? 'q'))],
    {
      params: PARAMS,
    },
  );
  return outputGrids(model);
}
const gridOf = (...nodes: readonly Node[]) => gridsOf(...nodes).get(nodeName('y'));

describe('the grid of a value', () => {
  it('is that of its quantize node, which rounds by itself', () => {
    expect(gridsOf().get(nodeName('q'))).toEqual({ ...GRID, rounds: false });
    expect(gridsOf().has(nodeName('x'))).toBe(false);
  });

  it.each([
    ['relu', callFunction('y', `${F}.relu`, [to('q')]), false],
    ['a maximum', callFunction('y', `${F}.max_pool1d`, [to('q'), 2]), false],
    ['a view', callMethod('y', 'view', [to('q'), -1]), false],
    ['an average', callFunction('y', `${F}.avg_pool1d`, [to('q'), 2]), true],
    ['a bound', callFunction('y', `${F}.relu6`, [to('q')]), true],
    ['a sum with a number', callFunction('y', 'torch.ops.quantized.add', [to('q'), 1]), true],
  ] as const)('is its input’s for %s', (_, node, rounds) => {
    expect(gridOf(node)).toEqual({ ...GRID, rounds });
  });

  it.each([
    ['torch.sigmoid', 1 / 256, 0],
    ['torch.tanh', 2 / 256, 128],
  ])('is fixed for %s', (target, scale, zeroPoint) => {
    expect(gridOf(callFunction('y', target, [to('q')]))).toEqual({ ...GRID, scale, zeroPoint, rounds: true });
  });

  it('is the first input’s for a concatenation, rounded where the others’ differ', () => {
    const cat = (other: Node) => gridOf(other, callFunction('y', 'torch.cat', [[to('q'), to('q2')]]));
    expect(cat(quantize('q2'))).toEqual({ ...GRID, rounds: false });
    expect(cat(quantize('q2', 's2'))).toEqual({ ...GRID, rounds: true });
  });

  it.each([
    ['add', 1, { zeroPoint: 1, rounds: true }],
    ['mul', 2, { scale: 1, rounds: false }],
  ])('with a number is that of PyTorch’s kernel for %s, where the model says so', (op, value, expected) => {
    const node = callFunction('y', `torch.ops.quantized.${op}`, [to('q'), value]);
    const model = modelOf(
      [placeholder('x'), constant('s'), constant('z'), quantize('q'), node, output(to('y'))],
      {
        params: PARAMS,
      },
    );
    const grids = outputGrids({ ...model, scalarGrids: 'pytorch' });
    expect(grids.get(node.name)).toEqual({ ...GRID, ...expected });
  });

  it('is what a call names', () => {
    const add = callFunction('y', 'torch.ops.quantized.add', [to('q'), to('q'), to('s2'), to('z')]);
    expect(gridOf(add)).toEqual({ ...GRID, scale: 2, rounds: true });
  });

  it('ends with dequantize, with a float op, with a float input', () => {
    expect(gridOf(callMethod('y', 'dequantize', [to('q')]))).toBeUndefined();
    expect(gridOf(callFunction('y', `${F}.gelu`, [to('q')]))).toBeUndefined();
    expect(gridOf(callFunction('y', 'torch.cat', [[to('q'), to('x')]]))).toBeUndefined();
    expect(gridOf(callFunction('y', `${F}.relu`, [to('x')]))).toBeUndefined();
  });
});
