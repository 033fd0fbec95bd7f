import { describe, expect, it } from 'vitest';
import { paramName } from '../graph/ids';
import {
  channelAxis,
  channelShape,
  groupsOf,
  inputChannels,
  type LayerCall,
  outputChannels,
} from './layerAxes';

const linear: LayerCall = {
  op: 'linear',
  operands: [],
  attrs: {
    weight: paramName('w'),
    bias: null,
    inFeatures: 3,
    outFeatures: 5,
    relu: false,
    functional: false,
  },
};
const conv = (dims: 1 | 2 | 3): LayerCall => ({
  op: 'conv',
  operands: [],
  attrs: {
    weight: paramName('w'),
    bias: null,
    dims,
    inChannels: 4,
    outChannels: 6,
    kernelSize: [],
    stride: [],
    padding: [],
    dilation: [],
    groups: 2,
    relu: false,
    functional: false,
  },
});

describe('the channels of a layer', () => {
  it.each([
    ['Linear', linear, -1, 3, 5, 1, [3]],
    ['Conv1d', conv(1), -2, 4, 6, 2, [4, 1]],
    ['Conv2d', conv(2), -3, 4, 6, 2, [4, 1, 1]],
    ['Conv3d', conv(3), -4, 4, 6, 2, [4, 1, 1, 1]],
  ])('%s', (_, call, axis, inputs, outputs, groups, shape) => {
    expect(channelAxis(call)).toBe(axis);
    expect(inputChannels(call)).toBe(inputs);
    expect(outputChannels(call)).toBe(outputs);
    expect(groupsOf(call)).toBe(groups);
    expect(channelShape(call, inputs)).toEqual(shape);
  });
});
