import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleName, nodeName, paramName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { printGraph } from '../../graph/print';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { writeSafetensors } from '../safetensors/write';
import { parseArgument } from './argument';
import { readFx } from './read';
import { writeFx } from './write';

const float = (shape: readonly number[], ...values: number[]): Tensor =>
  floatTensor(shape, Float32Array.from(values));
const node = (name: string, op: string, target: string, args: readonly unknown[] = [], kwargs = {}) => ({
  name,
  op,
  target,
  args,
  kwargs,
});
const of = (name: string) => ({ node: name });

// The example of the format's description.
const NODES = [
  node('x', 'placeholder', 'x'),
  node('linear1', 'call_module', 'linear1', [of('x')]),
  node('relu', 'call_function', 'torch.nn.functional.relu', [of('linear1')], { inplace: false }),
  node('weight1', 'get_attr', 'weight1'),
  node('linear', 'call_function', 'torch.nn.functional.linear', [of('relu'), of('weight1'), null]),
  node('output', 'output', 'output', [of('linear')]),
];
const MODULES = {
  linear1: { type: 'torch.nn.Linear', attrs: { in_features: 2, out_features: 2, bias: true } },
};
const TENSORS: Readonly<Record<string, Tensor>> = {
  'linear1.weight': float([2, 2], 1, 2, 3, 4),
  'linear1.bias': float([2], 0.5, -0.5),
  weight1: float([2, 2], 1, 0, 0, 1),
};
interface Parts {
  readonly version?: unknown;
  readonly nodes?: readonly unknown[];
  readonly modules?: object;
}
const fileOf = (parts: Parts, tensors = TENSORS): Uint8Array =>
  writeSafetensors(tensors, {
    format: 'pt',
    fx: JSON.stringify({ version: 1, nodes: NODES, modules: MODULES, ...parts }),
  });
const open = (file: Uint8Array) => readFx(bytesSource(file, 'net.v2.safetensors'));
const refusal = (parts: Parts, tensors = TENSORS) => open(fileOf(parts, tensors)).catch((e: unknown) => e);
/** The example with one node put in another's place. */
const replaced = (name: string, by: object) => ({
  nodes: NODES.map((n) => (n.name === name ? { ...n, ...by } : n)),
});

describe('the FX model file', () => {
  it('reads the example: graph, modules, tensors, name', async () => {
    const { model, format, onnx, notes } = await open(fileOf({}));
    expect({ name: model.name, format, onnx, notes }).toEqual({
      name: 'net.v2',
      format: 'fx',
      onnx: null,
      notes: [],
    });
    expect(model.modules).toEqual(MODULES);
    expect(model.params).toEqual(TENSORS);
    expect(printGraph(model.graph)).toBe(
      [
        'graph():',
        '    %x : [#users=1] = placeholder[target=x]',
        '    %linear1 : [#users=1] = call_module[target=linear1](args = (%x,), kwargs = {})',
        '    %relu : [#users=1] = call_function[target=torch.nn.functional.relu](args = (%linear1,), kwargs = {inplace: False})',
        '    %weight1 : [#users=1] = get_attr[target=weight1]',
        '    %linear : [#users=1] = call_function[target=torch.nn.functional.linear](args = (%relu, %weight1, None), kwargs = {})',
        '    return linear',
      ].join('\n'),
    );
  });

  it('writes a file that reads back equal, and the same bytes again', async () => {
    const { model } = await open(fileOf({}));
    const bytes = writeFx(model);
    const again = await open(bytes);
    expect(again.model).toEqual(model);
    expect(writeFx(again.model)).toEqual(bytes);
  });

  it('leaves out modules that no node calls, and says so', async () => {
    const extra = { type: 'torch.nn.ReLU', attrs: { inplace: true } };
    const { model, notes } = await open(fileOf({ modules: { ...MODULES, spare: extra } }));
    expect(model.modules).toEqual(MODULES);
    expect(notes).toEqual(['No node calls spare: left out of the graph.']);
  });

  it('keeps every form of argument', () => {
    const text = fc.string().filter((key) => key !== '__proto__');
    const { argument } = fc.letrec((tie) => ({
      argument: fc.oneof(
        { maxDepth: 3 },
        fc.constant(null),
        fc.boolean(),
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((v) => !Object.is(v, -0)),
        fc.record({ node: fc.string() }),
        fc.record({ dtype: fc.string() }),
        fc.constant({ ellipsis: true }),
        fc.array(tie('argument'), { maxLength: 3 }),
        fc.record({ slice: fc.tuple(tie('argument'), tie('argument'), tie('argument')) }),
        fc.record({ dict: fc.dictionary(text, tie('argument'), { maxKeys: 3 }) }),
      ),
    }));
    const fail = (problem: string): never => {
      throw new Error(problem);
    };
    fc.assert(
      fc.property(argument, (value) => {
        const clean: unknown = JSON.parse(JSON.stringify(value));
        expect(parseArgument(clean, fail)).toEqual(clean);
      }),
    );
  });

  it('tells a plain weights file from a model', async () => {
    const error = open(writeSafetensors(TENSORS, { format: 'pt' }));
    await expect(error).rejects.toThrow(/plain weights file: 3 tensors .* but no graph.*exporter.*onnx/);
  });
});

describe('a broken FX model file', () => {
  const refusals: readonly [string, Parts, string][] = [
    ['another version', { version: 2 }, 'not of version 1: version'],
    ['no list of nodes', { modules: [] }, 'modules'],
    ['a node without a name', { nodes: [{ op: 'placeholder' }] }, 'node 1: name'],
    [
      'a line break in a name',
      replaced('relu', { name: 're\nlu' }),
      "node 3: its name 're\\u000alu' has a control character or a line break",
    ],
    [
      'a control character beyond ASCII in a name',
      replaced('relu', { name: 'relu\u0085' }),
      "node 3: its name 'relu\\u0085' has",
    ],
    [
      'a line separator in a name of a node that breaks more',
      replaced('relu', { name: '\u2028relu', op: 'call' }),
      "Write the file again with the studio's exporter, or rename the node there and where others read it: letters, digits and _",
    ],
    ['an unknown opcode', replaced('relu', { op: 'call' }), "node 'relu': op"],
    ['a missing target', replaced('relu', { target: undefined }), "node 'relu': target"],
    ['an unknown key', replaced('relu', { meta: 1 }), "node 'relu': Unrecognized key"],
    [
      'an unknown argument form',
      replaced('relu', { args: [{ tensor: 1 }] }),
      "node 'relu': an argument object has one key",
    ],
    [
      'a mixed argument form',
      replaced('relu', { args: [{ node: 'x', dtype: 'a' }] }),
      "node 'relu': an argument object has exactly one key",
    ],
    ['a short slice', replaced('relu', { args: [{ slice: [1] }] }), "node 'relu': a slice is"],
    [
      'a node name that is a number',
      replaced('relu', { args: [{ node: 1 }] }),
      'node \'relu\': {"node": …} needs a name',
    ],
    [
      'an undefined input',
      replaced('relu', { args: [of('ghost')] }),
      "'relu' reads 'ghost', which is not defined",
    ],
    [
      'an input defined later',
      replaced('relu', { args: [of('linear')] }),
      "'relu' reads 'linear', which is not defined before",
    ],
    ['a missing tensor', replaced('weight1', { target: 'weight2' }), "node 'weight1' reads tensor 'weight2'"],
    [
      'a tensor named as an object method',
      replaced('weight1', { target: 'toString' }),
      "reads tensor 'toString'",
    ],
    ['a missing module', { modules: {} }, "node 'linear1' calls module 'linear1'"],
    [
      'a module named as an object method',
      replaced('linear1', { target: 'constructor' }),
      "calls module 'constructor'",
    ],
    [
      'a module without attributes',
      { modules: { linear1: { type: 'torch.nn.Linear' } } },
      "module 'linear1': attrs",
    ],
    [
      'an attribute that is an object',
      { modules: { linear1: { type: 'torch.nn.Linear', attrs: { a: {} } } } },
      "module 'linear1': attribute 'a' must be",
    ],
    ['a name used twice', { nodes: [...NODES.slice(0, 1), ...NODES] }, "Two nodes are named 'x'"],
    ['no output', { nodes: NODES.slice(0, 2) }, 'must end in an output node'],
    [
      'an output without argument',
      replaced('output', { args: [] }),
      "node 'output': an output node has one argument",
    ],
    ['an output of nothing', replaced('output', { args: [null] }), "node 'output' returns no node"],
    ['no nodes', { nodes: [] }, 'no nodes'],
  ];
  it.each(refusals)('%s', async (_, parts, message) => {
    expect(await refusal(parts)).toMatchObject({
      name: 'FormatError',
      message: expect.stringContaining(message),
    });
  });

  it('lets no two edges be one: names that would make the same lines of them are refused', async () => {
    const relu = (name: string, input: string) =>
      node(name, 'call_function', 'torch.nn.functional.relu', [of(input)]);
    const nodes = [
      node('x', 'placeholder', 'x'),
      relu('a', 'x'),
      relu('a\nb', 'x'),
      relu('b\nc', 'a'),
      relu('c', 'a\nb'),
      node('output', 'output', 'output', [[of('b\nc'), of('c')]]),
    ];
    expect(await refusal({ nodes, modules: {} })).toMatchObject({
      name: 'FormatError',
      message: expect.stringContaining("net.v2.safetensors: node 3: its name 'a\\u000ab'"),
      node: 'a\nb',
    });
  });

  it('a name of letters of any script is none', async () => {
    const nodes = [
      node('größe 入力', 'placeholder', 'x'),
      node('output', 'output', 'output', [of('größe 入力')]),
    ];
    expect((await open(fileOf({ nodes, modules: {} }))).model.graph.nodes[0]?.name).toBe('größe 入力');
  });

  it('carries the node at fault for the page to show', async () => {
    expect(await refusal(replaced('relu', { op: 'call' }))).toMatchObject({ node: 'relu' });
    expect(await refusal(replaced('relu', { args: [of('ghost')] }))).toMatchObject({ node: 'relu' });
  });

  it('refuses a weight that does not fit its Linear', async () => {
    const tensors = { ...TENSORS, 'linear1.weight': float([1, 4], 1, 2, 3, 4) };
    expect(await refusal({}, tensors)).toMatchObject({
      name: 'FormatError',
      message: expect.stringContaining("'linear1.weight' of node 'linear1' has shape [1, 4]; [2, 2]"),
    });
  });

  it('lists unsupported ops in one error', async () => {
    const parts = replaced('relu', { target: 'torch.fft.fft' });
    expect(await refusal(parts)).toMatchObject({ name: 'UnsupportedOpError' });
  });

  it('survives arguments nested a hundred thousand deep', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const fx = JSON.stringify({ version: 1, nodes: NODES, modules: MODULES }).replace('[]', `[${deep}]`);
    await expect(open(writeSafetensors(TENSORS, { fx }))).rejects.toThrow(
      "node 'x': its arguments nest deeper",
    );
  });
});

describe('writeFx', () => {
  const base = async (): Promise<Model> => (await open(fileOf({}))).model;

  it('refuses a graph with observers', async () => {
    const model = await base();
    const observer = { type: 'torch.ao.quantization.observer.MinMaxObserver', attrs: {} };
    const [x, ...rest] = model.graph.nodes;
    if (!x) throw new Error('the example has no nodes');
    const observed = {
      ...model,
      modules: { ...model.modules, [moduleName('obs')]: observer },
      graph: {
        nodes: [
          x,
          {
            name: nodeName('obs'),
            op: 'call_module' as const,
            target: moduleName('obs'),
            args: [{ node: x.name }],
            kwargs: {},
          },
          ...rest,
        ],
      },
    };
    expect(() => writeFx(observed)).toThrow("node 'obs' (observer) does not belong to the float model");
  });

  it('refuses an op that ONNX has and PyTorch has not, by its node', async () => {
    const model = await base();
    const kwargs = { scale: [2], mode: 'linear', coordinate_transformation_mode: 'asymmetric' };
    const nodes = model.graph.nodes.map((n) =>
      n.name === 'relu' && n.op === 'call_function' ? { ...n, target: 'onnx.Resize', kwargs } : n,
    );
    expect(() => writeFx({ ...model, graph: { nodes } })).toThrow(
      "Node 'relu' calls onnx.Resize, which PyTorch has not. Export Model (.onnx) instead.",
    );
  });

  it('refuses a number that JSON cannot hold', async () => {
    const model = await base();
    const nodes = model.graph.nodes.map((n) =>
      n.name === 'x' ? { ...n, args: [[Number.POSITIVE_INFINITY]] } : n,
    );
    expect(() => writeFx({ ...model, graph: { nodes } })).toThrow("Node 'x' has the argument Infinity");
  });

  it('keeps tensors that no node names', async () => {
    const model = await base();
    const params = { ...model.params, [paramName('spare')]: float([1], 7) };
    expect((await open(writeFx({ ...model, params }))).model.params).toEqual(params);
  });
});
