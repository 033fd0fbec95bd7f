import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../graph/graph';
import { nodeName } from '../graph/ids';
import { fuse } from '../quant/fuse/fuse';
import { buildModel } from '../quant/testPrepare';
import {
  checkChoices,
  equalizationConfig,
  layerSelection,
  qconfigMapping,
  sameEqualization,
} from './qconfigs';
import { DEFAULT_SETTINGS, forNewModel, type Settings } from './settings';
import { typeViews } from './typeViews';

const square = [
  [1, 2],
  [3, 4],
];
/** a → ReLU, fused; encoder.b; a function of the same kind. */
const model = buildModel((g) => {
  const relu = g.module('r', g.linear('a', 'x', square), { type: 'torch.nn.ReLU' });
  const b = g.linear('encoder.b', relu, square);
  return g.call('add', 'torch.add', b, 'x');
});
const fused = fuse(model).model;
const [LINEAR, RELU] = ['torch.nn.Linear', 'torch.nn.ReLU'];

const choose = (
  parts: Partial<Settings['equalization']>,
  semantics: Settings['semantics'] = 'exact',
): Settings => ({
  ...DEFAULT_SETTINGS,
  semantics,
  equalization: { ...DEFAULT_SETTINGS.equalization, ...parts },
});

/** Expectations in PyTorch semantics are what `prepare_fx` of 1.13.1 did with `_equalization_config`. */
describe('equalization leaves alone', () => {
  it.each<readonly [string, Settings, readonly string[]]>([
    ['nothing at first', choose({}), []],
    ['a layer by its name', choose({ byName: { a: false } }), ['a']],
    ['layers by the module around them', choose({ byName: { encoder: false } }), ['encoder.b']],
    ['all but those named', choose({ global: false, byName: { a: true } }), ['encoder.b']],
    ['a type, fused or not', choose({ byType: { [LINEAR]: false } }), ['a', 'encoder.b']],
    ['a type but for a name', choose({ byType: { [LINEAR]: false }, byName: { a: true } }), ['encoder.b']],
    [
      'in PyTorch a type, but not where fused',
      choose({ byType: { [LINEAR]: false } }, 'pytorch'),
      ['encoder.b'],
    ],
    [
      'in PyTorch all but a type',
      choose({ global: false, byType: { [LINEAR]: true, [RELU]: true } }, 'pytorch'),
      [],
    ],
  ])('%s', (_, settings, excluded) => {
    expect([...equalizationConfig(settings, fused).excluded]).toEqual(excluded);
    expect(() => checkChoices(settings, qconfigMapping(settings), fused)).not.toThrow();
  });

  it('in PyTorch refuses a type whose fused partner differs; exact takes it', () => {
    const settings = choose({ global: false, byType: { [LINEAR]: true } }, 'pytorch');
    const check = (semantics: Settings['semantics']) =>
      checkChoices({ ...settings, semantics }, qconfigMapping(settings), fused);
    expect(() => check('pytorch')).toThrow(/'a' is fused to LinearReLU.*different choices of equalization/);
    expect(() => check('exact')).not.toThrow();
  });
});

describe('a layer', () => {
  it('knows what would be without its name', () => {
    const settings = choose({ byType: { [LINEAR]: false }, byName: { a: true } });
    const selection = layerSelection(settings, fused);
    const of = (name: string) => selection(new GraphIndex(fused.graph).get(nodeName(name)));
    expect(of('a')).toEqual({ selected: true, selectedUnnamed: false });
    expect(of('encoder.b')).toEqual({ selected: false, selectedUnnamed: false });
  });
});

describe('the types of a model', () => {
  it('are those that quantization knows, layers first, with their calls', () => {
    expect(typeViews(model)).toEqual([
      { type: LINEAR, calls: 2, kind: 'layer' },
      { type: RELU, calls: 1, kind: 'fused' },
      { type: 'torch.add', calls: 1, kind: 'other' },
    ]);
  });

  it('have the nn.ReLU that fusion makes of F.relu', () => {
    const functional = buildModel((g) => g.call('r', 'torch.nn.functional.relu', g.linear('a', 'x', square)));
    expect(typeViews(functional).map(({ type, calls }) => [type, calls])).toEqual([
      [LINEAR, 1],
      ['torch.nn.functional.relu', 1],
      [RELU, 0],
    ]);
  });
});

describe('settings', () => {
  it('are the same whatever the order of the names', () => {
    const one = choose({ byName: { a: false, b: true } });
    expect(sameEqualization(one, choose({ byName: { b: true, a: false } }))).toBe(true);
    expect(sameEqualization(one, choose({ byName: { a: false } }))).toBe(false);
    expect(sameEqualization(one, choose({ ...one.equalization, global: false }))).toBe(false);
  });

  it('keep the global choice for another model', () => {
    const one = choose({ global: false, byName: { a: true }, byType: { [LINEAR]: true } }, 'pytorch');
    expect(forNewModel(one)).toEqual(choose({ global: false }, 'pytorch'));
  });
});
