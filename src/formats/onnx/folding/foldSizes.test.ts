import { describe, expect, it } from 'vitest';
import { isList } from '../../../graph/node';
import type { Shape } from '../../../graph/shape';
import { bytesSource } from '../../byteSource';
import type { NodeProto, TensorProto } from '../gen/onnx_pb';
import { readOnnx } from '../read';
import { dividedBy, plus, sizeOfDim, sizeOfNumber, sizeText, times } from '../reader/sizes';
import { floats, int64s, op, testBytes } from '../testModel';

const n = sizeOfDim('n');
const number = sizeOfNumber;

describe('sizes with symbols', () => {
  it.each([
    ['4 · n', times(n, number(4)), '4·n'],
    ['n · m', times(sizeOfDim('n'), sizeOfDim('m')), 'm·n'],
    ['an unknown one', times(n, sizeOfDim('?')), '?'],
    ['6n / 2n', dividedBy(times(n, number(6)), times(n, number(2))), '3'],
    ['7 / 2, cut off', dividedBy(number(7), number(2)), '3'],
    ['-7 / 2, cut off', dividedBy(number(-7), number(2)), '-3'],
    ['1 / 2, real', dividedBy(number(1), number(2), true), '0.5'],
    ['3n / 2', dividedBy(times(n, number(3)), number(2)), '?'],
    ['4 / n', dividedBy(number(4), n), '?'],
    ['4 / 0', dividedBy(number(4), number(0)), '?'],
    ['2n + n', plus(times(n, number(2)), n), '3·n'],
    ['n + 1', plus(n, number(1)), '?'],
    ['5 - 2', plus(number(5), number(2), -1), '3'],
  ])('%s', (_, size, text) => expect(sizeText(size)).toBe(text));
});

const named = (name: string, ...values: number[]) => int64s(name, values);
const scalar = (name: string, value: number): TensorProto => ({ ...int64s(name, [value]), dims: [] });
const CONSTANTS = [
  scalar('0', 0),
  scalar('1', 1),
  scalar('2', 2),
  scalar('4', 4),
  named('axis', 0),
  named('-1', -1),
];
/** Sizes of `x` as scalars `a`, `b`, … */
const sizes = (count: number): readonly NodeProto[] => [
  op('Shape', 'x', 's'),
  ...['a', 'b', 'c', 'd'].slice(0, count).map((name, i) => op('Gather', `s ${i}`, name)),
];
const asVector = (names: string): readonly NodeProto[] =>
  names.split(' ').map((name) => op('Unsqueeze', `${name} axis`, `${name}v`));

async function reshapes(
  nodes: readonly NodeProto[],
  shape: Shape,
  initializers: readonly TensorProto[] = [],
) {
  const bytes = testBytes({
    nodes,
    initializers: [...CONSTANTS, ...initializers],
    inputs: { x: shape },
    outputs: ['y'],
  });
  const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
  return model.graph.nodes.map(({ target, args: [, to] }) =>
    to !== undefined && to !== null && typeof to === 'object' && isList(to)
      ? `${target} ${to.join()}`
      : target,
  );
}

const INPUT = ['n', 8, 12] as const;

describe('a shape computed from sizes', () => {
  it.each<readonly [string, readonly NodeProto[], string]>([
    [
      'the batch, and the last axis cut into heads',
      [
        ...sizes(3),
        op('Div', 'c 4', 'e'),
        op('Cast', 'e', 'f', { to: { i: 7 } }),
        ...asVector('a b 4 f'),
        op('Concat', 'av bv 4v fv', 't', { axis: { i: 0 } }),
        op('Reshape', 'x t', 'y'),
      ],
      '-1,8,4,3',
    ],
    [
      'the batch merged with another axis',
      [
        ...sizes(3),
        op('Mul', 'a b', 'ab'),
        ...asVector('ab c'),
        op('Concat', 'abv cv', 't', { axis: { i: 0 } }),
        op('Reshape', 'x t', 'y'),
      ],
      '-1,12',
    ],
    [
      'a −1 beside the batch is worked out',
      [
        ...sizes(1),
        ...asVector('a'),
        op('Concat', 'av -1', 't', { axis: { i: 0 } }),
        op('Reshape', 'x t', 'y'),
      ],
      '-1,96',
    ],
    [
      'a 0 copies an axis',
      [
        ...sizes(1),
        ...asVector('a'),
        op('Concat', 'av axis -1', 't', { axis: { i: 0 } }),
        op('Reshape', 'x t', 'y'),
      ],
      '-1,8,12',
    ],
    [
      'a part of a shape, as it is',
      [
        op('Shape', 'x', 's'),
        op('Slice', 's axis two', 'front'),
        op('Concat', 'front -1', 't', { axis: { i: 0 } }),
        op('Reshape', 'x t', 'y'),
      ],
      '-1,8,12',
    ],
  ])('%s', async (_, nodes, expected) => {
    expect(await reshapes(nodes, INPUT, [named('two', 2)])).toEqual([
      'x',
      `torch.reshape ${expected}`,
      'output',
    ]);
  });

  it('a factor from a size is a constant', async () => {
    const nodes = [
      ...sizes(3),
      op('Cast', 'c', 'f', { to: { i: 1 } }),
      op('Sqrt', 'f', 'r'),
      op('Div', 'one r', 'q'),
      op('Mul', 'x q', 'y'),
    ];
    const one = { ...floats('one', []), rawData: new Uint8Array(Float32Array.of(1).buffer) };
    const bytes = testBytes({
      nodes,
      initializers: [...CONSTANTS, one],
      inputs: { x: INPUT },
      outputs: ['y'],
    });
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    expect(Object.values(model.params).map(({ data }) => [...data])).toEqual([
      [Math.fround(1 / Math.sqrt(12))],
    ]);
  });
});

describe('what is not provable is refused', () => {
  it.each<readonly [string, readonly NodeProto[], Shape, string]>([
    [
      'the shape of a value of unknown rank',
      [op('Shape', 'x', 's'), op('Reshape', 'x s', 'y')],
      null,
      "node 's' (Shape) of 'x' is not known while reading; the studio reads it where the number of axes is known, as a shape. Export the model with fixed sizes.",
    ],
  ])('%s', async (_, nodes, shape, message) => {
    await expect(reshapes(nodes, shape)).rejects.toThrow(message);
  });
});
