import { describe, expect, it } from 'vitest';
import { insertEqualizationObservers } from '../equalize/insertEqualizationObservers';
import { moduleName, nodeName } from '../graph/ids';
import type { ChannelStats } from './channelStats';
import { observerQParams, observerState } from './observer';
import { buildModel, observe } from './testPrepare';
import { observerNodes, withStats } from './withStats';

const F_RELU = 'torch.nn.functional.relu';
const stats = (min: readonly number[], max: readonly number[]): ChannelStats => ({
  min: Float32Array.from(min),
  max: Float32Array.from(max),
  nonFinite: new Float64Array(min.length),
  samples: 4,
  rank: 2,
});
const square = [
  [1, 2],
  [3, 4],
];

/** x → fc → fc's observer, shared by view and relu behind it; and a sigmoid. */
const shared = observe(
  buildModel((g) => {
    const view = g.method('view', 'view', g.linear('fc', 'x', square), -1, 2);
    return g.call('sigmoid', 'torch.sigmoid', g.call('relu', F_RELU, view));
  }),
);
const named = (value: string) => `${value}_activation_post_process_0`;
const stateOf = (model: typeof shared, value: string) => observerState(model, moduleName(named(value)));

describe('withStats', () => {
  const model = withStats(
    shared,
    new Map([
      [nodeName(named('x')), stats([-1, 0], [2, 1])],
      [nodeName(named('fc')), stats([-3, -1], [2, 1])],
      [nodeName(named('view')), stats([-4], [1])],
      [nodeName(named('relu')), stats([0, 0], [1, 7])],
      [nodeName(named('sigmoid')), stats([0.25, 0.5], [0.5, 0.75])],
    ]),
  );

  it('gives an observer the range over all channels', () => {
    expect(stateOf(model, 'x')).toMatchObject({ min: -1, max: 2 });
  });

  it('a shared observer sees the values of all that share it', () => {
    for (const value of ['fc', 'view', 'relu'])
      expect(stateOf(model, value), value).toMatchObject({ min: -4, max: 7 });
  });

  it('each keeps the channels of its own value', () => {
    const channels = (value: string) => model.observers[moduleName(named(value))]?.channels?.max;
    expect(channels('view')).toEqual(Float32Array.of(1));
    expect(channels('relu')).toEqual(Float32Array.of(1, 7));
  });

  it('fixed parameters stay, whatever the range', () => {
    const sigmoid = stateOf(model, 'sigmoid');
    expect(sigmoid && observerQParams(sigmoid)).toEqual({ scale: 1 / 256, zeroPoint: 0 });
    expect(sigmoid?.channels?.min).toEqual(Float32Array.of(0.25, 0.5));
    expect(sigmoid?.min).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves the prepared model as it was, so that calibrating anew starts anew', () => {
    expect(stateOf(shared, 'x')).toMatchObject({ min: Number.POSITIVE_INFINITY, channels: null });
    const again = withStats(shared, new Map([[nodeName(named('x')), stats([0, 0], [0.5, 0.5])]]));
    expect(stateOf(again, 'x')).toMatchObject({ min: 0, max: 0.5 });
  });

  it('an observer that saw no finite value stays empty', () => {
    const nothing = stats([Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]);
    const state = stateOf(withStats(shared, new Map([[nodeName(named('x')), nothing]])), 'x');
    expect(state).toMatchObject({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY });
    expect(state && observerQParams(state)).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

it('equalization observers are filled and listed too', () => {
  const float = buildModel((g) => g.linear('fc', 'x', square));
  const config = { semantics: 'exact' as const, excluded: new Set<string>() };
  const { model } = insertEqualizationObservers(float, observe(float), config);
  const names = observerNodes(model).map(({ node }) => node);
  const equalization = `${named('x')}_equalization_process_0`;
  expect(names).toEqual([named('x'), equalization, named('fc')]);
  const channels = stats([-1, 0], [2, 1]);
  const filled = withStats(model, new Map([[nodeName(equalization), channels]]));
  expect(filled.equalizationObservers[moduleName(equalization)]?.channels).toBe(channels);
  expect(stateOf(filled, 'x')?.channels).toBeNull();
});
