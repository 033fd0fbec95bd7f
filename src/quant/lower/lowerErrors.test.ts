import { describe, expect, it } from 'vitest';
import { noise, type TestModel } from '../../exec/testModel';
import { GraphError } from '../../graph/errors';
import { floatTensor } from '../../graph/tensor';
import { convert } from '../convert/convert';
import { calibrated } from '../testConvert';
import { type Build, buildModel, observe } from '../testPrepare';

const weights = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return floatTensor(shape, noise(size, 1));
};
const conv = (g: TestModel, ...window: readonly (number | readonly number[])[]) =>
  g.call('c', 'torch.conv2d', 'x', g.constant('w', weights(2, 2, 3, 3)), null, ...window);
const ONES = [1, 1];

/** As `convert_fx` of PyTorch 1.13.1 refuses them; `convert_to_reference_fx` does not. */
const REFUSED: Record<string, readonly [Build, string, string]> = {
  'a functional convolution without its window': [
    (g) => conv(g),
    'c',
    "conv2d_prepack() is missing value for argument 'stride'",
  ],
  'one without groups': [(g) => conv(g, ONES, ONES, ONES), 'c', "argument 'groups'"],
  'one with a number for its stride': [
    (g) => conv(g, 1, ONES, ONES, 1),
    'c',
    "expects a list for argument 'stride', the call has 1",
  ],
  'a module with named padding': [
    (g) =>
      g.module('c', 'x', {
        type: 'torch.nn.Conv2d',
        attrs: { in_channels: 2, out_channels: 2, kernel_size: [3, 3], padding: 'same' },
        tensors: { weight: weights(2, 2, 3, 3), bias: weights(2) },
      }),
    'c',
    "takes padding as numbers, not 'same'",
  ],
  'a weight by keyword': [
    (g) => g.callByName('f', 'torch.nn.functional.linear', ['x'], { weight: g.constant('w', weights(2, 2)) }),
    'f',
    "Dequantize index 1 exceeded reference node's arg length 1",
  ],
  'a summand by keyword': [
    (g) => g.callByName('s', 'torch.add', ['x'], { other: fc(g) }),
    's',
    'argument 2 of torch.add by position',
  ],
  'an input by keyword': [
    (g) => g.callByName('s', 'torch.sigmoid', [], { input: fc(g) }),
    's',
    'tuple index out of range',
  ],
};

const fc = (g: TestModel) =>
  g.linear('fc', 'x', [
    [1, 2],
    [3, 4],
  ]);

describe('has no lowered form, as PyTorch says', () => {
  it.each(Object.entries(REFUSED))('%s', (_, [build, node, message]) => {
    const { reference, lowered } = convert(calibrated(observe(buildModel(build))));
    expect(reference.model.graph.nodes.length).toBeGreaterThan(4);
    expect(lowered).toBeInstanceOf(GraphError);
    expect(lowered).toMatchObject({ node, message: expect.stringContaining(message) });
    expect(lowered).toMatchObject({ message: expect.stringMatching(/PyTorch 1\.13\.1 .*reference form\.$/) });
  });
});
