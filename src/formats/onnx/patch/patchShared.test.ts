import { describe, expect, it } from 'vitest';
import { paramName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { asFloat, floatTensor } from '../../../graph/tensor';
import { foldBatchNorm } from '../../../quant/fuse/foldBatchNorm';
import { unfuse } from '../../../quant/fuse/unfuse';
import { ELEMENT } from '../file/elementTypes';
import { floatProto } from '../file/tensorWrite';
import type { TensorProto } from '../gen/onnx_pb';
import { constantNode, floats, op, type TestGraph, testBytes, values } from '../testModel';
import { fold as foldLayers, initializers, type Patched, patch, scaleOf, withParam } from '../testPatch';
import { relativeError, runOnnx } from '../testRuntime';

/* Tensors that several nodes of the file read, or that the file computes of others: only the node meant gets new ones. */

const scale = scaleOf(4);

/** The tensors times the scale, and the columns of `fc` divided by it. */
const folded =
  (...params: readonly string[]) =>
  (model: Model): Model => {
    const times = (m: Model, name: string, power: 1 | -1): Model => {
      const { shape, data } = asFloat(m.params[paramName(name)], name);
      const inner = power === 1 ? data.length / 4 : 1;
      const scaled = data.map((v, i) => v * (scale[Math.floor(i / inner) % 4] ?? 1) ** power);
      return withParam(m, name, floatTensor(shape, scaled));
    };
    return params.reduce((m, name) => times(m, name, 1), times(model, 'fc.weight', -1));
  };

const file = (nodes: TestGraph['nodes'], tensors: readonly TensorProto[], outputs = ['y', 'z']) =>
  testBytes({
    nodes: [...nodes, op('MatMul', 'h fc.weight', 'y')],
    inputs: { x: [4, 4] },
    outputs,
    initializers: [floats('fc.weight', [4, 3], 9), ...tensors],
  });

const error = async ({ before, after }: Patched) =>
  relativeError(await runOnnx(before, [[4, 4]]), await runOnnx(after, [[4, 4]]));

describe('a constant that takes a scale', () => {
  const constant = floatProto(
    'c',
    [4],
    values(4, 3).map((v) => v + 2),
    ELEMENT.FLOAT,
  );

  it('and of which the file computes another keeps its values for that one', async () => {
    const nodes = [op('Mul', 'x c', 'h'), op('Sqrt', 'c', 'root'), op('Mul', 'x root', 'z')];
    const patched = await patch(file(nodes, [constant]), folded('c'));
    expect(await error(patched)).toBeLessThan(1e-6);
  });
});

/** The rows of a Linear times the scale, and the columns of `fc` divided by it. */
const rows = (layer: string) => (model: Model) => foldLayers(model, layer, 'fc');

const elements = ({ model }: Patched) =>
  model.graph?.initializer.map(({ name, dataType }) => [name, dataType]);

describe('a weight', () => {
  const half = floatProto('w', [4, 4], values(16, 3), ELEMENT.FLOAT16);

  it('that a Cast makes of FLOAT16, and another node reads, gets a FLOAT of its own', async () => {
    const nodes = [op('Cast', 'w', 'v', { to: { i: ELEMENT.FLOAT } }), op('MatMul', 'x v', 'h')];
    const patched = await patch(file([...nodes, op('Add', 'x v', 'z')], [half]), rows('linear'));
    expect(await error(patched)).toBeLessThan(1e-6);
    expect(elements(patched)).toEqual([
      ['fc.weight', ELEMENT.FLOAT],
      ['w', ELEMENT.FLOAT16],
      ['linear.weight', ELEMENT.FLOAT],
    ]);
  });

  it('that a Transpose makes of another gets one of its own, and that one stays', async () => {
    const nodes = [op('Transpose', 'w', 'v', { perm: { ints: [1, 0] } }), op('MatMul', 'x v', 'h')];
    const patched = await patch(
      file([...nodes, op('MatMul', 'x w', 'z')], [floats('w', [4, 4])]),
      rows('linear'),
    );
    expect(await error(patched)).toBeLessThan(1e-6);
    expect(initializers(patched.model)).toEqual(['fc.weight', 'w', 'linear.weight']);
  });

  it('that a Transpose and an Identity of a Constant node make gets one of its own', async () => {
    const nodes = [
      constantNode('u', floats('', [4, 4], 5)),
      op('Identity', 'u', 'w'),
      op('Transpose', 'w', 'v', { perm: { ints: [1, 0] } }),
      op('MatMul', 'x v', 'h'),
      op('Add', 'x u', 'z'),
    ];
    const patched = await patch(file(nodes, []), rows('linear'));
    expect(await error(patched)).toBeLessThan(1e-6);
  });
});

describe('a batch normalization that a layer took in', () => {
  const positive = (name: string, seed: number) =>
    floatProto(
      name,
      [4],
      values(4, seed).map((v) => v + 2),
      ELEMENT.FLOAT,
    );
  const tensors = [
    floats('first.weight', [4, 4, 1, 1], 2),
    floats('second.weight', [3, 4, 1, 1], 3),
    positive('s', 4),
    floats('b', [4], 5),
    floats('m', [4], 6),
    positive('v', 7),
  ];
  const shape = [2, 4, 3, 3];
  const bytes = testBytes({
    nodes: [
      op('Conv', 'x first.weight', 'c', { kernel_shape: { ints: [1, 1] } }),
      op('BatchNormalization', 'c s b m v', 'n'),
      op('Relu', 'n', 'r'),
      op('Conv', 'r second.weight', 'y', { kernel_shape: { ints: [1, 1] } }),
      op('Relu', 'x', 'q'),
      op('BatchNormalization', 'q s b m v', 'z'),
    ],
    inputs: { x: shape },
    outputs: ['y', 'z'],
    initializers: tensors,
  });

  it('leaves the tensors that another one reads as they are', async () => {
    const change = (model: Model) =>
      foldLayers(unfuse(foldBatchNorm(model, 'exact').model), 'first', 'second');
    const patched = await patch(bytes, change);
    expect(patched.model.graph?.node.map(({ opType }) => opType)).toEqual([
      'Conv',
      'Add',
      'Relu',
      'Conv',
      'Relu',
      'BatchNormalization',
    ]);
    expect(initializers(patched.model)?.slice(2, 6)).toEqual(['s', 'b', 'm', 'v']);
    const difference = relativeError(await runOnnx(bytes, [shape]), await runOnnx(patched.after, [shape]));
    expect(difference).toBeLessThan(1e-5);
  });
});
