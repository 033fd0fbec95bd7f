import { describe, expect, it } from 'vitest';
import { fuse } from '../quant/fuse/fuse';
import { type Build, buildModel, observe } from '../quant/testPrepare';
import { insertEqualizationObservers } from './insertEqualizationObservers';
import { observerAxes } from './observerAxes';
import { conv } from './testLayers';

/** `value axis` of each observer, `eq value axis` of each equalization observer. */
function axesOf(build: Build, shape: readonly number[], excluded: readonly string[] = []): readonly string[] {
  const model = { ...buildModel(build), inputShapes: { x: ['n', ...shape] } };
  const config = { semantics: 'exact' as const, excluded: new Set(excluded) };
  const prepared = insertEqualizationObservers(fuse(model).model, observe(model), config).model;
  return [...observerAxes(prepared)].map(([node, axis]) => {
    const value = node.replace(/_activation_post_process_0.*/, '');
    return `${node.includes('equalization') ? 'eq ' : ''}${value} ${axis}`;
  });
}

const square = [
  [1, 2],
  [3, 4],
];

describe('the channels of an observed value lie along', () => {
  it('the axis of the layers that read it', () => {
    expect(axesOf((g) => conv(g, 'a', 'x', 2), [2, 3, 3])).toEqual(['x -3', 'eq x -3', 'a -3']);
    expect(axesOf((g) => g.linear('a', 'x', square), [2])).toEqual(['x -1', 'eq x -1', 'a -1']);
  });

  it('that axis also where the layer is not equalized', () => {
    expect(axesOf((g) => conv(g, 'a', 'x', 1), [2, 3], ['a'])).toEqual(['x -2', 'a -2']);
  });

  it('the axis to which a permute moves them on the way to the next layer', () => {
    const build: Build = (g) =>
      g.linear('b', g.method('p', 'permute', conv(g, 'a', 'x', 2), 0, 2, 3, 1), square);
    expect(axesOf(build, [2, 3, 3])).toEqual(['x -3', 'eq x -3', 'a -3', 'p -1', 'eq p -1', 'b -1']);
  });

  it('the axis of what made them where no layer reads them', () => {
    const build: Build = (g) => g.method('p', 'permute', conv(g, 'a', 'x', 1), 0, 2, 1);
    expect(axesOf(build, [2, 3])).toEqual(['x -2', 'eq x -2', 'a -2', 'p -1']);
  });

  it('two axes where two kinds of layers read one value: the observer keeps that of the last', () => {
    const build: Build = (g) => [conv(g, 'a', 'x', 1), g.linear('b', 'x', square)];
    expect(axesOf(build, [2, 2])).toEqual(['x -1', 'eq x -1', 'eq x -2', 'a -2', 'b -1']);
  });

  it('the last axis where no layer is near, or none where batches differ along it', () => {
    expect(axesOf((g) => g.call('add', 'operator.add', 'x', 'x'), [2])).toEqual(['x -1', 'add -1']);
    const turned: Build = (g) => g.call('add', 'operator.add', g.method('t', 'permute', 'x', 1, 0), 'x');
    expect(axesOf(turned, [2])).toContain('t null');
  });
});
