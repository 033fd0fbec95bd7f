import { describe, expect, it } from 'vitest';
import { TestModel } from '../exec/testModel';
import { keepTensors, lazyTensor } from '../graph/lazyTensor';
import { asFloat } from '../graph/tensor';
import { layerNodes } from '../quant/weightUse';
import { axisOneRange, columnRangeOf, isRangeKnown } from './layerWeight';

describe('the columns of a weight', () => {
  const callOf = (type: string, attrs: Record<string, number | readonly number[] | boolean>) => {
    const g = new TestModel();
    g.input('x');
    g.module('a', 'x', { type: `torch.nn.${type}`, attrs });
    const [layer] = layerNodes(g.build('a'));
    if (!layer) throw new Error('a layer is a layer');
    return layer.call;
  };
  const conv = { in_channels: 4, out_channels: 4, kernel_size: [1], groups: 2, bias: false };
  const attrs = { ...conv, stride: [1], padding: [0], dilation: [1] };

  it('are ranged once, for each way to look at it', () => {
    let read = 0;
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    // Nothing made stays: every look at the data would be a read.
    keepTensors(0);
    const weight = asFloat(
      lazyTensor('float32', [4, 2, 1], () => {
        read++;
        return Float32Array.from(values);
      }),
      'w',
    );
    const grouped = callOf('Conv1d', attrs);
    const transposed = callOf('ConvTranspose1d', { ...attrs, output_padding: [0] });
    expect(isRangeKnown(grouped, weight)).toBe(false);
    for (let turn = 0; turn < 2; turn++) {
      expect([...columnRangeOf(grouped, weight).min]).toEqual([1, 2, 5, 6]);
      expect([...columnRangeOf(transposed, weight).min]).toEqual([1, 3, 5, 7]);
      expect([...axisOneRange(weight).min]).toEqual([1, 2]);
    }
    expect(columnRangeOf(grouped, weight)).toBe(columnRangeOf(grouped, weight));
    expect([isRangeKnown(grouped, weight), isRangeKnown(transposed, weight), read]).toEqual([true, true, 3]);
    keepTensors();
  });
});
