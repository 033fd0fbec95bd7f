import { describe, expect, it } from 'vitest';
import { paramName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { asFloat, floatTensor } from '../../../graph/tensor';
import type { ModelProto } from '../gen/onnx_pb';
import { floats, op, type TestGraph, testBytes } from '../testModel';
import {
  initializers,
  one,
  opTypes,
  type Patched,
  patch,
  scaleOf,
  scaleWeight,
  withParam,
} from '../testPatch';
import { relativeError, runOnnx } from '../testRuntime';

/* Tensors that are no Linear's: constants of sums and products, weights and biases of LayerNormalization. */

const scale = scaleOf(4);

/** The tensors times the scale, and the columns of Linear `fc` divided by it. */
const folded =
  (params: readonly string[], layers: readonly string[] = ['fc']) =>
  (model: Model): Model => {
    const divided = layers.reduce((m, layer) => {
      const weight = asFloat(m.params[paramName(`${layer}.weight`)], layer);
      return withParam(
        m,
        `${layer}.weight`,
        scaleWeight(weight, (_, column) => 1 / (scale[column] ?? 1)),
      );
    }, model);
    return params.reduce((m, name) => {
      const { shape, data } = asFloat(m.params[paramName(name)], name);
      const scaled = data.map((value, i) => value * (scale[i % 4] ?? 1));
      return withParam(m, name, floatTensor(shape, scaled));
    }, divided);
  };

const fc = [op('MatMul', 'h fc.weight', 'y')];
const weight = floats('fc.weight', [4, 3], 9);
const graph = (nodes: TestGraph['nodes'], tensors: TestGraph['initializers'], outputs = ['y']) =>
  testBytes({
    nodes: [...nodes, ...fc],
    inputs: { x: [2, 4] },
    outputs,
    initializers: [weight, ...(tensors ?? [])],
  });

const error = async ({ before, after }: Patched) =>
  relativeError(await runOnnx(before, [[2, 4]]), await runOnnx(after, [[2, 4]]));
const valuesOf = (model: ModelProto, name: string) => {
  const raw = model.graph?.initializer.find((tensor) => tensor.name === name)?.rawData;
  return raw && [...new Float32Array(raw.slice().buffer)];
};

describe('a scale that ends in constants', () => {
  it('of a product and a sum: they are replaced where they stand', async () => {
    const nodes = [op('Mul', 'x w', 'm'), op('Add', 'b m', 'h')];
    const bytes = graph(nodes, [floats('w', [4], 2), floats('b', [1, 4], 3)]);
    const patched = await patch(bytes, folded(['w', 'b']));
    expect(opTypes(patched.model)).toEqual(['Mul', 'Add', 'MatMul']);
    expect(initializers(patched.model)).toEqual(['fc.weight', 'w', 'b']);
    expect(await error(patched)).toBeLessThan(1e-6);
  });

  it('of a LayerNormalization, with and without bias', async () => {
    const w = floats('n.weight', [4], 2);
    const b = floats('n.bias', [4], 3);
    const both = graph([op('LayerNormalization', 'x n.weight n.bias', 'h')], [w, b]);
    const patched = await patch(both, folded(['n.weight', 'n.bias']));
    expect(await error(patched)).toBeLessThan(1e-6);
    const alone = await patch(
      graph([op('LayerNormalization', 'x n.weight', 'h')], [w]),
      folded(['n.weight', 'n.bias']),
    );
    expect(initializers(alone.model)).toEqual(['fc.weight', 'n.weight']);
    expect(await error(alone)).toBeLessThan(1e-6);
  });

  it('that two norms share: the one that changes gets its own', async () => {
    const nodes = [
      op('LayerNormalization', 'x n.weight', 'h', {}, '/first/LayerNormalization'),
      op('Relu', 'x', 'r'),
      op('LayerNormalization', 'r n.weight', 'z', {}, '/second/LayerNormalization'),
    ];
    const bytes = graph(nodes, [floats('n.weight', [4], 2)], ['y', 'z']);
    const patched = await patch(bytes, folded(['n.weight']));
    expect(initializers(patched.model)).toEqual(['fc.weight', 'n.weight', 'n.weight_1']);
    expect(patched.model.graph?.node.map(({ input }) => input[1])).toEqual([
      'n.weight_1',
      undefined,
      'n.weight',
      'fc.weight',
    ]);
    expect(await error(patched)).toBeLessThan(1e-6);
  });

  it('that goes by another name through an Identity: the reader gets its own', async () => {
    const nodes = [op('Identity', 'w', 'v'), op('Mul', 'x v', 'h'), op('Mul', 'x w', 'z')];
    const patched = await patch(graph(nodes, [floats('w', [4], 2)], ['y', 'z']), folded(['v']));
    expect(initializers(patched.model)).toEqual(['fc.weight', 'w', 'v_1']);
    expect(await error(patched)).toBeLessThan(1e-6);
  });

  it('that is the bias of a layer too: the layer keeps its own', async () => {
    const nodes = [
      op('Gemm', 'x g.weight b', 'g', {}, '/g/Gemm'),
      op('Relu', 'x', 'r'),
      op('Mul', 'r b', 'h'),
    ];
    const bytes = graph(nodes, [floats('g.weight', [4, 4], 2), floats('b', [4], 3)], ['y', 'g']);
    const patched = await patch(bytes, folded(['b']));
    expect(valuesOf(patched.model, 'b')).toEqual(valuesOf((await patch(bytes, (m) => m)).model, 'b'));
    expect(initializers(patched.model)).toEqual(['fc.weight', 'g.weight', 'b', 'b_1']);
    expect(await error(patched)).toBeLessThan(1e-6);
  });

  it('alone changes what the file computes', async () => {
    const patched = await patch(one(op('Mul', 'x k', 'y'), [2, 4], [floats('k', [4])]), folded(['k'], []));
    expect(await error(patched)).toBeGreaterThan(0.1);
  });
});
