import { describe, expect, it } from 'vitest';
import { paramName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { floatTensor } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { ELEMENT } from '../file/elementTypes';
import { floatProto } from '../file/tensorWrite';
import { readOnnx } from '../read';
import { constantNode, floats, op, type TestGraph, testBytes } from '../testModel';
import {
  equalizeWithMul,
  fold,
  initializers,
  one,
  opTypes,
  patch,
  patchError,
  scaleOf,
  withParam,
} from '../testPatch';

describe('a weight', () => {
  const twoLayers = (tensors: TestGraph['initializers'], extra: Partial<TestGraph> = {}): Uint8Array => {
    const layers = [op('Gemm', 'x w c', 'm'), op('Relu', 'm', 'r'), op('Gemm', 'r v', 'y')];
    return testBytes({
      inputs: { x: [2, 4] },
      outputs: ['y'],
      initializers: tensors ?? [],
      ...extra,
      nodes: [...(extra.nodes ?? []), ...layers],
    });
  };
  const change = (model: Model) => fold(equalizeWithMul(model, 'linear'), 'linear', 'linear_1');

  it('folds into one bias value for all outputs: it gets one value an output', async () => {
    const patched = await patch(
      twoLayers([floats('w', [4, 3]), floats('c', []), floats('v', [3, 5])]),
      change,
    );
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(patched.model.graph?.initializer[1]?.dims).toEqual([3n]);
  });

  it('shared by two layers is changed for one of them only', async () => {
    const layers = [op('Gemm', 'x w', 'm'), op('Gemm', 'm w', 'y')];
    const graph = {
      nodes: layers,
      inputs: { x: [2, 4] },
      outputs: ['y'],
      initializers: [floats('w', [4, 4])],
    };
    const patched = await patch(testBytes(graph), (m) => equalizeWithMul(m, 'linear_1'));
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(initializers(patched.model)).toEqual(['w', 'linear_1.weight', 'linear_1_scale']);
    const both = await patch(testBytes(graph), (m) => fold(m, 'linear', 'linear_1'));
    expect(await patchError(both, [[2, 4]])).toBeLessThan(1e-6);
    expect(initializers(both.model)).toEqual(['w', 'linear.weight']);
  });

  it('in a Constant node is changed there', async () => {
    const nodes = [constantNode('w', floats('', [4, 3], 2)), constantNode('c', floats('', [3], 3))];
    const patched = await patch(twoLayers([floats('v', [3, 5])], { nodes }), change);
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(opTypes(patched.model)?.slice(0, 3)).toEqual(['Constant', 'Constant', 'Mul']);
    expect(initializers(patched.model)).toEqual(['v', 'linear_scale']);
  });

  it('behind an Identity, and a bias in a value_float, become initializers or tensors of their own', async () => {
    const bias = op('Constant', '-', 'c', { value_float: { f: 0.25 } });
    bias.input = [];
    const nodes = [op('Identity', 'u', 'w'), bias];
    const patched = await patch(twoLayers([floats('u', [4, 3]), floats('v', [3, 5])], { nodes }), change);
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(initializers(patched.model)).toEqual(['u', 'v', 'linear.weight', 'linear_scale']);
  });

  it('of IR version 3 is also an input of the graph, and so are new initializers', async () => {
    const tensors = [floats('w', [4, 3]), floats('c', [3]), floats('v', [3, 5])];
    const inputs = { x: [2, 4], w: [4, 3], c: [3], v: [3, 5] };
    const patched = await patch(twoLayers(tensors, { inputs, irVersion: 3, opset: 11 }), change);
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(patched.model.graph?.input.map((input) => input.name)).toEqual([
      'x',
      'w',
      'c',
      'v',
      'linear_scale',
    ]);
  });

  it.each([3, 8])(
    'whose one bias value is spread is no longer the listed input it was (IR version %i)',
    async (irVersion) => {
      const tensors = [floats('w', [4, 3]), floats('c', [1]), floats('v', [3, 5])];
      const inputs = { x: [2, 4], w: [4, 3], c: [1], v: [3, 5] };
      const patched = await patch(twoLayers(tensors, { inputs, irVersion, opset: 11 }), change);
      expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    },
  );

  it.each([ELEMENT.FLOAT16, ELEMENT.DOUBLE, ELEMENT.BFLOAT16])(
    'of element type %i keeps it',
    async (type) => {
      const tensor = (name: string, shape: readonly number[]) => {
        const weight = scaleOf(shape.reduce((a, b) => a * b, 1));
        return floatProto(name, shape, weight, type);
      };
      const tensors = [tensor('w', [4, 3]), tensor('c', [3]), tensor('v', [3, 5])];
      const patched = await patch(twoLayers(tensors, { elementType: type }), change);
      expect(patched.model.graph?.initializer.map((t) => t.dataType)).toEqual([type, type, type, type]);
      const again = await readOnnx(bytesSource(patched.after, 'again.onnx'));
      // Powers of two are exact in every float type: the file gives back what was put in.
      expect(again.model.params[paramName('linear.weight')]).toEqual(
        change(patched.opened.model).params[paramName('linear.weight')],
      );
      expect(again.notes).toHaveLength(1);
    },
  );

  it('too large for FLOAT16 is refused', async () => {
    const tensors = [floatProto('w', [1, 1], Float32Array.of(60000), ELEMENT.FLOAT16)];
    const bytes = one(op('MatMul', 'x w', 'y'), [2, 1], tensors);
    const grow = (m: Model) => withParam(m, 'linear.weight', floatTensor([1, 1], Float32Array.of(70000)));
    await expect(patch(bytes, grow)).rejects.toThrow(
      "'w' is FLOAT16 in the file, and its new value 70000 is beyond ±65504",
    );
  });

  it('too small for FLOAT16 is refused', async () => {
    const tensors = [floatProto('w', [1, 1], Float32Array.of(1), ELEMENT.FLOAT16)];
    const bytes = one(op('MatMul', 'x w', 'y'), [2, 1], tensors);
    const shrink = (m: Model) => withParam(m, 'linear.weight', floatTensor([1, 1], Float32Array.of(1.3e-7)));
    await expect(patch(bytes, shrink)).rejects.toThrow("'w' is FLOAT16 in the file, and its new value");
  });
});
