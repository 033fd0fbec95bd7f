import { describe, expect, it } from 'vitest';
import { bigModel } from '../../e2e/files/bigModel';
import { bytesSource } from '../formats/byteSource';
import { openModel } from '../formats/openModel';
import { GraphIndex } from '../graph/graph';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import { callFunction, callModule, modelOf, output, placeholder, to } from '../graph/testGraph';
import { laterPaths, loadedPaths } from './modulePaths';
import { repeatedBlocks } from './repeatedBlocks';

const functions = { relu: 'torch.relu', tanh: 'torch.tanh', sigmoid: 'torch.sigmoid' } as const;

/** A chain of functions by their letters; each is called by its letter and its place. */
function chain(ops: readonly (keyof typeof functions)[]): Model {
  const names = ops.map((op, place) => `${op}_${place}`);
  const calls = ops.map((op, place) =>
    callFunction(names[place] ?? '', functions[op], [to(names[place - 1] ?? 'x')]),
  );
  return modelOf([placeholder('x'), ...calls, output(to(names.at(-1) ?? 'x'))]);
}
const blocksOf = (model: Model) =>
  [...repeatedBlocks(model, new GraphIndex(model.graph))].map(([name, path]) => `${name} ${path.join('/')}`);

describe('repeatedBlocks', () => {
  it('finds what is repeated, by the shortest period, and leaves alone what stands beside', () => {
    expect(blocksOf(chain(['sigmoid', 'relu', 'tanh', 'relu', 'tanh', 'relu', 'tanh', 'sigmoid']))).toEqual([
      'relu_1 block 1',
      'tanh_2 block 1',
      'relu_3 block 2',
      'tanh_4 block 2',
      'relu_5 block 3',
      'tanh_6 block 3',
    ]);
  });

  it('takes two in a row, and single nodes, for no blocks', () => {
    expect(blocksOf(chain(['relu', 'tanh', 'relu', 'tanh', 'sigmoid']))).toEqual([]);
    expect(blocksOf(chain(['relu', 'relu', 'relu', 'tanh']))).toEqual([]);
  });

  it('prefers what covers more: a long block with a repeat in it', () => {
    const long = ['relu', 'tanh', 'relu', 'tanh', 'relu', 'tanh', 'sigmoid'] as const;
    const found = blocksOf(chain([...long, ...long, ...long]));
    expect(found.filter((line) => line.endsWith('block 1'))).toHaveLength(7);
    expect(found).toHaveLength(21);
  });

  it('lets a block begin where all hangs on one value: at the input of a residual sum', () => {
    const blocks = Array.from({ length: 4 }, (_, block): readonly Node[] => [
      callFunction(`a${block}`, 'torch.tanh', [to(block === 0 ? 'stem' : `sum${block - 1}`)]),
      callFunction(`b${block}`, 'torch.relu', [to(`a${block}`)]),
      callFunction(`sum${block}`, 'torch.add', [
        to(`b${block}`),
        to(block === 0 ? 'stem' : `sum${block - 1}`),
      ]),
    ]);
    // The stem's sum is like those of the blocks: what is repeated begins one node too early.
    const model = modelOf([
      placeholder('x'),
      callFunction('early', 'torch.sigmoid', [to('x')]),
      callFunction('stem', 'torch.add', [to('early'), to('x')]),
      ...blocks.flat(),
      output(to('sum3')),
    ]);
    expect(blocksOf(model).slice(0, 4)).toEqual(['a0 block 1', 'b0 block 1', 'sum0 block 1', 'a1 block 2']);
    expect(blocksOf(model)).toHaveLength(12);
  });
});

describe('paths of a flat model', () => {
  const open = async (named: boolean, flow: 'residual' | 'chain') =>
    openModel([bytesSource(bigModel({ nodes: 200, flow, named }), 'big.onnx')]);

  it.each(['residual', 'chain'] as const)(
    'are its blocks, and stay those of inserted nodes: %s',
    async (flow) => {
      const { model, paths } = await open(false, flow);
      const loaded = loadedPaths(model, paths ?? {});
      const blocks = [...loaded.values()].map(([block]) => block).filter((block) => block !== undefined);
      const sizes = new Set(blocks.map((block) => blocks.filter((other) => other === block).length));
      expect([...sizes]).toEqual([5]);
      expect(new Set(blocks).size).toBe(40);
      expect(laterPaths(model, loaded)).toEqual(loaded);
    },
  );

  it('are those of its names where these have any', async () => {
    const { model, paths } = await open(true, 'residual');
    const found = [...loadedPaths(model, paths ?? {}).values()].map(([first]) => first);
    expect(new Set(found)).toEqual(new Set([undefined, 'stages']));
  });

  it('are none in a small model, which is read as it is', () => {
    const model = modelOf(
      [
        placeholder('x'),
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((name, place, all) =>
          callModule(name, name, [to(all[place - 1] ?? 'x')]),
        ),
        output(to('f')),
      ],
      {
        modules: Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e', 'f'].map((name, place) => [
            name,
            { type: place % 2 === 0 ? 'torch.nn.ReLU' : 'torch.nn.Tanh', attrs: {} },
          ]),
        ),
      },
    );
    expect(new Set([...loadedPaths(model, {}).values()].map((path) => path.length))).toEqual(new Set([0]));
  });
});
