import { describe, expect, it } from 'vitest';
import { bigModel } from '../../e2e/files/bigModel';
import { bytesSource } from '../formats/byteSource';
import { openModel } from '../formats/openModel';
import { nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { callFunction, callModule, constant, modelOf, output, placeholder, to } from '../graph/testGraph';
import { laterPaths, loadedPaths, type NodePaths } from './modulePaths';

const RELU = { type: 'torch.nn.ReLU', attrs: {} };
const written = (paths: NodePaths) =>
  Object.fromEntries([...paths].map(([name, path]) => [name, path.join('.')]));

/** Two blocks of two modules and a residual sum each, then a head. */
const blocks = (): Model =>
  modelOf(
    [
      placeholder('x'),
      callModule('a', 'layers.0.a', [to('x')]),
      callModule('b', 'layers.0.b', [to('a')]),
      callFunction('add', 'torch.add', [to('b'), to('x')]),
      callModule('c', 'layers.1.a', [to('add')]),
      callModule('d', 'layers.1.b', [to('c')]),
      constant('scale'),
      callFunction('scaled', 'torch.mul', [to('d'), to('scale')]),
      callFunction('add_1', 'torch.add', [to('scaled'), to('add')]),
      callFunction('flat', 'torch.flatten', [to('add_1'), 1]),
      callModule('head', 'head', [to('flat')]),
      output(to('head')),
    ],
    {
      modules: Object.fromEntries(
        ['layers.0.a', 'layers.0.b', 'layers.1.a', 'layers.1.b', 'head'].map((name) => [name, RELU]),
      ),
    },
  );

describe('loadedPaths', () => {
  it('takes modules from targets, and functions from what they stand between', () => {
    expect(written(loadedPaths(blocks(), {}))).toEqual({
      x: '',
      a: 'layers.0',
      b: 'layers.0',
      add: 'layers.0',
      c: 'layers.1',
      d: 'layers.1',
      scale: 'layers.1',
      scaled: 'layers.1',
      add_1: 'layers.1',
      flat: '',
      head: '',
      output: '',
    });
  });

  it('cuts a path where a module holds one node alone', () => {
    const model = modelOf(
      [
        placeholder('x'),
        callModule('a', 'body.one.a', [to('x')]),
        callModule('b', 'body.two.b', [to('a')]),
        output(to('b')),
      ],
      { modules: { 'body.one.a': RELU, 'body.two.b': RELU } },
    );
    expect(written(loadedPaths(model, {}))).toMatchObject({ a: 'body', b: 'body' });
  });

  it('believes the names of an ONNX file', async () => {
    const file = bigModel({ nodes: 50, flow: 'residual', named: true });
    const { model, paths } = await openModel([bytesSource(file, 'big.onnx')]);
    const found = new Set(Object.values(written(loadedPaths(model, paths ?? {}))));
    expect(found.size).toBe(11);
    expect(found).toContain('stages.4.blocks.1');
  });
});

describe('laterPaths', () => {
  it('puts an observer with what it reads, and a mul with its scale with what reads them', () => {
    const loaded = loadedPaths(blocks(), {});
    const nodes = blocks().graph.nodes.flatMap((node) =>
      node.name === nodeName('c')
        ? [
            callModule('observer', 'add_activation_post_process_0', [to('add')]),
            constant('c_scale'),
            callFunction('mul', 'torch.mul', [to('observer'), to('c_scale')]),
            { ...node, args: [to('mul')] },
          ]
        : [node],
    );
    const model = modelOf(nodes, { modules: { ...blocks().modules, add_activation_post_process_0: RELU } });
    expect(written(laterPaths(model, loaded))).toMatchObject({
      observer: 'layers.0',
      mul: 'layers.1',
      c_scale: 'layers.1',
      add: 'layers.0',
    });
  });

  it('puts the observers of a constant where it was', () => {
    const loaded = loadedPaths(blocks(), {});
    const nodes = blocks().graph.nodes.flatMap((node) => {
      if (node.name === nodeName('scale'))
        return [
          node,
          callModule('range', 'scale_activation_post_process_0', [to('scale')]),
          callModule('factors', 'scale_equalization_process_0', [to('range')]),
        ];
      return node.name === nodeName('scaled') ? [{ ...node, args: [to('d'), to('factors')] }] : [node];
    });
    const modules = {
      ...blocks().modules,
      scale_activation_post_process_0: RELU,
      scale_equalization_process_0: RELU,
    };
    expect(written(laterPaths(modelOf(nodes, { modules }), loaded))).toMatchObject({
      scale: 'layers.1',
      range: 'layers.1',
      factors: 'layers.1',
    });
  });
});
