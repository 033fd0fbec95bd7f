import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { readFx } from '../fx/read';
import { writeFx } from '../fx/write';
import { type RunResult, relativeError } from '../onnx/testRuntime';
import { runStudio } from '../onnx/testStudioRun';
import { readPt2 } from './read';
import { archiveBytes, archiveOf, archiveSource, expectedOf, LAYOUTS, tensorArg } from './testArchives';

beforeAll(() => openTestDevice('wasm'));

const asResult = ({ shape, data }: Tensor): readonly RunResult[] => [{ dims: shape, data: Array.from(data) }];
const CASES = (['images', 'tokens'] as const).flatMap((name) =>
  LAYOUTS.map((layout) => [name, layout] as const),
);

describe('graphs that PyTorch traced, in the three layouts of torch.export', () => {
  it.each(CASES)('%s, %s: computes what PyTorch does', async (name, layout) => {
    const { model } = await readPt2(archiveSource(`${name}-${layout}`));
    const { x, y } = expectedOf(name);
    const [input] = model.graph.nodes.filter(({ op }) => op === 'placeholder');
    expect(relativeError(asResult(y), await runStudio(model, { [input?.name ?? '']: x }))).toBeLessThan(1e-5);
  });

  it('layers are modules under the paths of the state dict', async () => {
    const { model } = await readPt2(archiveSource('images-raw'));
    expect(Object.entries(model.modules).map(([name, { type }]) => `${name} ${type}`)).toEqual([
      'stem.0 torch.nn.Conv2d',
      'stem.1 torch.nn.BatchNorm2d',
      'depthwise torch.nn.Conv2d',
      'pointwise torch.nn.Conv2d',
      'head torch.nn.Linear',
    ]);
    expect(model.parameters).toEqual([]);
    expect(model.modules).toMatchObject({ depthwise: { attrs: { groups: 6, padding: [1, 1] } } });
  });

  it('a tied weight stays one tensor: the second layer reads it as it is', async () => {
    const { model } = await readPt2(archiveSource('tokens-raw'));
    expect(model.modules).toMatchObject({ words: { type: 'torch.nn.Embedding' } });
    const output = model.graph.nodes.find(({ target }) => target === 'torch.nn.functional.linear');
    expect(output?.args[1]).toEqual({ node: 'words_weight' });
    expect(model.parameters).toEqual(['places']);
  });

  it.each(['images-flat', 'tokens-raw'])(
    '%s: what is exported opens again and computes the same',
    async (name) => {
      const { model } = await readPt2(archiveSource(name));
      const { model: again } = await readFx(bytesSource(writeFx(model), 'net.safetensors'));
      expect(again.graph).toEqual(model.graph);
      expect(Object.keys(again.params).sort()).toEqual(Object.keys(model.params).sort());
    },
  );
});

const weights = {
  'fc.weight': floatTensor([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)),
  'fc.bias': floatTensor([3], Float32Array.of(1, 0, -1)),
};
const parameters = { p_fc_weight: 'fc.weight', p_fc_bias: 'fc.bias' };
const linear = {
  op: 'linear.default',
  inputs: { input: tensorArg('x'), weight: tensorArg('p_fc_weight'), bias: tensorArg('p_fc_bias') },
  output: 'linear',
};

describe('programs by the schema', () => {
  it('names no node with a control character, whatever the file has there', async () => {
    const source = archiveOf({
      shapes: { 'x\ny': ['s0', 2], 'lin\u0000ear\u2028': ['s0', 3] },
      nodes: [
        {
          op: 'linear.default',
          inputs: {
            input: tensorArg('x\ny'),
            weight: tensorArg('p_fc_weight'),
            bias: tensorArg('p_fc_bias'),
          },
          output: 'lin\u0000ear\u2028',
        },
      ],
      parameters,
      weights,
      output: 'lin\u0000ear\u2028',
    });
    const { model } = await readPt2(source);
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(['placeholder', 'call_module', 'output']);
    for (const { name } of model.graph.nodes) expect(name).toMatch(/^\w+$/);
  });

  it('reads symbols as open dimensions, and sizes that the graph computes', async () => {
    const source = archiveOf({
      shapes: { x: ['s0', 4, 2], linear: ['s0', 4, 3], view: ['s0', 12] },
      parameters,
      weights,
      nodes: [
        {
          op: 'sym_size.int',
          inputs: { self: tensorArg('x'), dim: { as_int: 0 } },
          output: [{ as_sym_int: { as_name: 'sym_size_int' } }],
        },
        linear,
        {
          op: 'view.default',
          inputs: {
            self: tensorArg('linear'),
            size: { as_sym_ints: [{ as_name: 'sym_size_int' }, { as_int: 12 }] },
          },
          output: 'view',
        },
      ],
      output: 'view',
    });
    const { model } = await readPt2(source);
    expect(model.inputShapes).toEqual({ x: ['s0', 4, 2] });
    expect(model.graph.nodes.map(({ op, target }) => `${op} ${target}`)).toEqual([
      'placeholder x',
      'call_method size',
      'call_module fc',
      'call_function torch.reshape',
      'output output',
    ]);
    const x = floatTensor([1, 4, 2], Float32Array.of(1, 1, 0, 0, 1, 0, 0, 1));
    const [y] = await runStudio(model, { x });
    expect(y).toEqual({ dims: [1, 12], data: [4, 7, 10, 1, 0, -1, 2, 3, 4, 3, 4, 5] });
  });

  it('writes attention out', async () => {
    const shape = [1, 1, 2, 4];
    const source = archiveOf({
      shapes: { q: shape, k: shape, v: shape, scaled_dot_product_attention: shape },
      nodes: [
        {
          op: 'scaled_dot_product_attention.default',
          inputs: {
            query: tensorArg('q'),
            key: tensorArg('k'),
            value: tensorArg('v'),
            attn_mask: { as_none: true },
            dropout_p: { as_float: 0 },
            is_causal: { as_bool: true },
          },
          output: 'scaled_dot_product_attention',
        },
      ],
      output: 'scaled_dot_product_attention',
    });
    const { model } = await readPt2(source);
    const ramp = floatTensor(shape, Float32Array.of(1, 2, 0, 0, 0, 1, 0, 3));
    const [y] = await runStudio(model, { q: ramp, k: ramp, v: ramp });
    // F.scaled_dot_product_attention by hand: the first token sees itself; the second weighs 2/2 against 10/2.
    const [a, b] = [Math.exp(1), Math.exp(5)];
    const mix = (p: number, q: number) => (p * a + q * b) / (a + b);
    const expected = [1, 2, 0, 0, mix(1, 0), mix(2, 1), mix(0, 0), mix(0, 3)];
    expected.forEach((value, at) => void expect(y?.data[at]).toBeCloseTo(value, 5));
  });

  it('lists every op it does not know, with its node', async () => {
    const source = archiveOf({
      shapes: { x: [2, 2], a: [2, 2], b: [2, 2], c: [2, 2] },
      nodes: [
        { op: 'special_bessel_j0.default', inputs: { self: tensorArg('x') }, output: 'a' },
        { op: 'special_bessel_j0.default', inputs: { self: tensorArg('a') }, output: 'b' },
        { op: 'torch.ops.mylib.twirl.default', inputs: { x: tensorArg('b') }, output: 'c' },
      ],
      output: 'c',
    });
    await expect(readPt2(source)).rejects.toMatchObject({
      name: 'UnsupportedOpError',
      ops: [
        { op: 'torch.ops.aten.special_bessel_j0.default', count: 2, firstNode: 'a' },
        { op: 'torch.ops.mylib.twirl.default', count: 1, firstNode: 'c' },
      ],
    });
  });

  it.each([
    [
      'a branch',
      { op: 'torch.ops.higher_order.cond', inputs: { a: tensorArg('x') }, output: 'linear' },
      /'linear' \(higher_order\.cond\) runs a graph of its own/,
    ],
    [
      'dropout in training',
      {
        op: 'dropout.default',
        inputs: { input: tensorArg('x'), p: { as_float: 0.5 }, train: { as_bool: true } },
        output: 'linear',
      },
      /'linear' \(aten\.dropout\.default\) drops elements.*model\.eval\(\)/,
    ],
    [
      'an argument it does not know',
      { op: 'relu.default', inputs: { self: tensorArg('x'), twist: { as_int: 3 } }, output: 'linear' },
      /'linear' \(aten\.relu\.default\) has the argument twist=3/,
    ],
    [
      'a value from nowhere',
      { op: 'relu.default', inputs: { self: tensorArg('gone') }, output: 'linear' },
      /'linear' reads 'gone'/,
    ],
  ])('refuses %s', async (_, node, message) => {
    const program = { shapes: { x: [2, 2], linear: [2, 2] }, nodes: [node], output: 'linear' };
    await expect(readPt2(archiveOf(program))).rejects.toThrow(message);
  });

  it('refuses what changes its buffers, and weights that are not there', async () => {
    const program = {
      shapes: { x: [2, 2], linear: [2, 3] },
      parameters,
      weights,
      nodes: [linear],
      output: 'linear',
    };
    const outputSpecs = [{ buffer_mutation: { arg: { name: 'add' }, buffer_name: 'bn.running_mean' } }];
    await expect(readPt2(archiveOf({ ...program, outputSpecs }))).rejects.toThrow(
      /writes into 'bn\.running_mean'.*model\.eval\(\)/,
    );
    await expect(readPt2(archiveOf({ ...program, weights: {} }))).rejects.toThrow("needs tensor 'fc.weight'");
  });
});

describe('damaged archives', () => {
  it.each(['tokens-packaged', 'images-raw'])('no prefix of %s opens', async (name) => {
    const bytes = archiveBytes(name);
    for (let length = 0; length < bytes.length; length += 37)
      await expect(readPt2(bytesSource(bytes.slice(0, length), name)), `${length} bytes`).rejects.toThrow(
        FormatError,
      );
  });

  it('a broken program is a FormatError', async () => {
    for (const text of ['{', '[]', '{"graph_module": {"graph": {}}}', '\xff'])
      await expect(readPt2(archiveOfText(text))).rejects.toThrow(FormatError);
  });
});

const archiveOfText = (text: string) =>
  bytesSource(
    zipSync({ 'models/model.json': Uint8Array.from(text, (letter) => letter.charCodeAt(0)) }),
    'net.pt2',
  );
