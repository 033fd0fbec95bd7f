import { batchNormType } from '../../../graph/moduleTypes';
import { type Argument, ref } from '../../../graph/node';
import { type FloatTensor, floatTensor } from '../../../graph/tensor';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { constantFloats } from './bias';
import { windowDims } from './windows';

/* Normalization with tensors that have one entry a channel. */

/** A float constant of one entry a channel. */
function channelTensor(
  reader: GraphReader,
  node: OnnxNode,
  input: number,
  channels: number | null,
): FloatTensor {
  const value = node.input(input);
  if (!reader.constants.has(value) || !reader.isFloat(value))
    node.fail(`takes '${value}' for input ${input}, which is no float constant; the studio reads constants.`);
  const tensor = constantFloats(reader, value);
  if (tensor.shape.length !== 1 || tensor.data.length !== (channels ?? tensor.data.length))
    node.fail(
      `takes '${value}' of shape [${tensor.shape.join(', ')}] for input ${input}; ${channels ?? 'one vector'} values are expected.`,
    );
  return tensor;
}

/** BatchNormalization as it runs in inference. */
export function readBatchNormalization(reader: GraphReader, node: OnnxNode): void {
  const statistic = node.proto.output.slice(1).find((output) => output && reader.isRead(output));
  if (node.flag('training_mode') || statistic)
    node.fail('is in training mode (training_mode); export the model in evaluation mode (model.eval()).');
  if (reader.opset < 9 && node.int('spatial', 1) === 0)
    node.fail('has spatial = 0, statistics for each place; the studio reads one for each channel.');
  const weight = channelTensor(reader, node, 1, null);
  const [bias, mean, variance] = [2, 3, 4].map((input) =>
    channelTensor(reader, node, input, weight.data.length),
  );
  const eps = node.float('epsilon', 1e-5);
  const rank = reader.shapeOf(node.input(0))?.length;
  if (!bias || !mean || !variance) return;
  if (rank === undefined) {
    const constant = (input: number): Argument => ref(reader.operand(node.input(input), node.title));
    const args = [...[0, 3, 4, 1, 2].map(constant), false, 0.1, eps];
    reader.result(node, 'torch.nn.functional.batch_norm', args, reader.elementType(node.input(0)));
    return;
  }
  const dims = rank < 3 ? 1 : windowDims(node, rank - 2);
  const module = reader.module(node, {
    spec: { type: batchNormType(dims), attrs: { num_features: weight.data.length, eps, affine: true } },
    tensors: { weight, bias, running_mean: mean, running_var: variance },
    values: [node.input(1), node.input(2)],
    base: 'bn',
  });
  reader.norms[module] = { nodeIndex: node.index, weight: node.input(1), bias: node.input(2) };
}

export function readInstanceNormalization(reader: GraphReader, node: OnnxNode): void {
  const weight = channelTensor(reader, node, 1, null);
  const bias = channelTensor(reader, node, 2, weight.data.length);
  const value = node.input(0);
  const rank = reader.shapeOf(value)?.length;
  const eps = node.float('epsilon', 1e-5);
  if (rank === undefined) {
    const constant = (input: number): Argument => ref(reader.operand(node.input(input), node.title));
    const args = [constant(0), null, null, constant(1), constant(2), true, 0.1, eps];
    reader.result(node, 'torch.nn.functional.instance_norm', args, reader.elementType(value));
    return;
  }
  const module = reader.module(node, {
    spec: {
      type: `torch.nn.InstanceNorm${windowDims(node, rank - 2)}d`,
      attrs: { num_features: weight.data.length, eps, affine: true },
    },
    tensors: { weight, bias },
    values: [node.input(1), node.input(2)],
    base: 'norm',
  });
  reader.norms[module] = { nodeIndex: node.index, weight: node.input(1), bias: node.input(2) };
}

/** More are made to do harm: their scales are written out one by one. */
const MAX_CHANNELS = 2 ** 20;

/** Opset 18 has one scale and bias a group, opset 21 one a channel, as PyTorch has them. */
export function readGroupNormalization(reader: GraphReader, node: OnnxNode): void {
  const groups = node.int('num_groups', 0);
  if (groups < 1) node.fail(`has num_groups ${groups}; a whole number of 1 or more is expected.`);
  const perGroup = reader.opset < 21;
  const value = node.input(0);
  const known = reader.shapeOf(value)?.[1];
  const channels = perGroup
    ? typeof known === 'number'
      ? known
      : node.fail(`needs the number of channels of '${value}', which the model does not tell.`)
    : channelTensor(reader, node, 1, null).data.length;
  if (channels > MAX_CHANNELS)
    node.fail(`has ${channels} channels for ${groups} groups; at most ${MAX_CHANNELS} can be.`);
  const [weight, bias] = [1, 2].map((input) =>
    spread(channelTensor(reader, node, input, perGroup ? groups : channels), channels),
  );
  if (!weight || !bias) return;
  const module = reader.module(node, {
    spec: {
      type: 'torch.nn.GroupNorm',
      attrs: { num_groups: groups, num_channels: channels, eps: node.float('epsilon', 1e-5), affine: true },
    },
    tensors: { weight, bias },
    values: [node.input(1), node.input(2)],
    base: 'norm',
  });
  const axesBehind = (reader.shapeOf(value)?.length ?? 2) - 2;
  const origin = { nodeIndex: node.index, weight: node.input(1), bias: node.input(2) };
  reader.norms[module] = perGroup ? { ...origin, axesBehind } : origin;
}

/** Each entry as often as it takes to have one a channel. */
const spread = ({ data }: FloatTensor, channels: number): FloatTensor =>
  floatTensor(
    [channels],
    Float32Array.from({ length: channels }, (_, c) => data[Math.floor((c * data.length) / channels)] ?? 0),
  );
