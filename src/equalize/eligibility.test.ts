import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { lint } from '../graph/lint';
import { floatTensor } from '../graph/tensor';
import { fuse } from '../quant/fuse/fuse';
import { QCONFIG_PRESETS } from '../quant/qconfig';
import { mappingOf } from '../quant/qconfigMapping';
import type { Semantics } from '../quant/semantics';
import { type Build, buildModel, observe } from '../quant/testPrepare';
import { eligibleLayers } from './eligibility';
import { insertEqualizationObservers } from './insertEqualizationObservers';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const linear = (g: TestModel, name: string, input = 'x') => g.linear(name, input, square);
const weight = (g: TestModel) => g.constant('w', floatTensor([2, 2], Float32Array.of(1, 2, 3, 4)));
const constant = (g: TestModel) => linear(g, 'b', weight(g));
const functional = (g: TestModel) => g.call('f', `${F}.linear`, 'x', weight(g));
const byKeyword = (g: TestModel) => g.callByName('f', `${F}.linear`, [], { input: 'x', weight: weight(g) });

/** Layer → why it is skipped, or null. */
const skips = (build: Build, semantics: Semantics, excluded: readonly string[] = []) =>
  Object.fromEntries(
    eligibleLayers(
      buildModel(build),
      { semantics, excluded: new Set(excluded) },
      mappingOf(QCONFIG_PRESETS.default),
    ).map(({ layer, skip }) => [
      layer.node.name,
      skip && [skip.kind, ...Object.values(skip).slice(1)].join(' '),
    ]),
  );

describe('a layer is eligible unless', () => {
  it.each<readonly [string, Build, object, object]>([
    ['nothing is wrong', (g) => linear(g, 'b', linear(g, 'a')), { a: null, b: null }, { a: null, b: null }],
    [
      'its weight has several readers',
      (g) => g.again('a_1', 'a', linear(g, 'a')),
      { a: 'shared-weight 2', a_1: 'shared-weight 2' },
      { a: null, a_1: null },
    ],
    ['its input is a constant, which PyTorch observes', constant, { b: 'constant-input' }, { b: null }],
    [
      'another op reads its input, for PyTorch',
      (g) => g.call('add', 'operator.add', linear(g, 'a'), linear(g, 'b')),
      { a: null, b: null },
      { a: 'branch x', b: 'branch x' },
    ],
    ['its input is also an output', (g) => [linear(g, 'a'), 'x'], { a: null }, { a: null }],
    ['it is functional', functional, { f: null }, { f: null }],
    [
      'PyTorch takes its value for a number',
      (g) => g.method('v', 'view', linear(g, 'b', linear(g, 'a')), g.method('n', 'size', 'b', 0), -1),
      { a: null, b: null },
      { a: null, b: 'taken-for-number' },
    ],
    ['its input is given by keyword, for PyTorch', byKeyword, { f: null }, { f: 'keyword-input' }],
    [
      'a get_attr reads the weight of a module',
      (g) => {
        const a = linear(g, 'a');
        return g.call(
          'f',
          `${F}.linear`,
          a,
          g.constant('a.weight', floatTensor([2, 2], new Float32Array(4))),
        );
      },
      { a: 'shared-weight 2', f: 'shared-weight 2' },
      { a: null, f: null },
    ],
  ])('%s', (_, build, exact, pytorch) => {
    expect(skips(build, 'exact')).toEqual(exact);
    expect(skips(build, 'pytorch')).toEqual(pytorch);
  });

  it('the user leaves it out, which comes before every other reason', () => {
    expect(skips(constant, 'exact', ['b'])).toEqual({ b: 'excluded' });
    expect(skips((g) => linear(g, 'b', linear(g, 'a')), 'pytorch', ['a'])).toEqual({
      a: 'excluded',
      b: null,
    });
  });
});

describe('equalization observers', () => {
  const prepared = (build: Build, excluded: readonly string[] = []) => {
    const float = fuse(buildModel(build)).model;
    const config = { semantics: 'exact' as const, excluded: new Set(excluded) };
    const { model, changes } = insertEqualizationObservers(float, observe(float), config);
    lint(model);
    return { model, changes };
  };
  const readersOf = ({ model }: ReturnType<typeof prepared>) =>
    model.graph.nodes
      .filter((node) => JSON.stringify(node.args).includes('_equalization_process_0"'))
      .map((node) => `${node.name} ← ${JSON.stringify(node.args)}`);
  const named = 'x_activation_post_process_0_equalization_process_0';

  it('stand between a layer and the observer of its input, named as the seed names them', () => {
    const { model } = prepared((g) => linear(g, 'a'));
    expect(model.graph.nodes.map((node) => node.name)).toEqual([
      'x',
      'x_activation_post_process_0',
      named,
      'a',
      'a_activation_post_process_0',
      'output',
    ]);
    expect(Object.keys(model.equalizationObservers)).toEqual([named]);
    expect(model.modules[named as never]).toEqual({
      type: 'torch.ao.quantization.fx._equalize._InputEqualizationObserver',
      attrs: { dtype: 'torch.quint8' },
    });
  });

  it('are shared by the layers of one tensor; other readers read past them', () => {
    const work = prepared((g) => {
      const [q, k] = [linear(g, 'q'), linear(g, 'k')];
      return [q, k, g.call('add', 'operator.add', 'x', 'x')];
    });
    expect(readersOf(work)).toEqual([`q ← [{"node":"${named}"}]`, `k ← [{"node":"${named}"}]`]);
  });

  it('leave out what is not selected', () => {
    const work = prepared((g) => [linear(g, 'q'), linear(g, 'k')], ['q']);
    expect(readersOf(work)).toEqual([`k ← [{"node":"${named}"}]`]);
    expect(prepared((g) => linear(g, 'a'), ['a']).changes).toEqual([]);
  });
});
