import { GraphError } from '../../../graph/errors';
import type { Node } from '../../../graph/node';
import type { OpCall } from '../../../graph/op';
import { floatTensor } from '../../../graph/tensor';
import type { GraphWriter, OpWriter } from './graphWriter';

/* Normalization by the statistics of the sample at hand. */

/** One entry a channel, or as many that change nothing. */
const filled = (writer: GraphWriter, base: string, count: number, value: number): string =>
  writer.ownConstant(base, floatTensor([count], new Float32Array(count).fill(value)));

export const instanceNorm: OpWriter<'instance_norm'> = (writer, call, output, node) => {
  const { weight, bias, eps } = call.attrs;
  const features = call.attrs.features ?? channelsOf(writer, call, node);
  const tensors = [
    weight === null ? filled(writer, `${output}_scale`, features, 1) : writer.param(weight),
    bias === null ? filled(writer, `${output}_bias`, features, 0) : writer.param(bias),
  ];
  writer.node('InstanceNormalization', [...writer.operands(call), ...tensors], output, {
    epsilon: { f: eps },
  });
};

function channelsOf(writer: GraphWriter, call: OpCall<'instance_norm'>, node: Node): number {
  const channels = writer.inputShape(call)?.[1];
  if (typeof channels === 'number') return channels;
  throw new GraphError(
    `Node '${node.name}' (instance_norm) has no weight, and how many channels its input has is not known; ONNX needs to know it.`,
    node.name,
  );
}

/** Opset 17 has none: the groups are the channels of an InstanceNormalization, and the channels' own factors come behind. */
export const groupNorm: OpWriter<'group_norm'> = (writer, call, output, node) => {
  const { weight, bias, groups, eps } = call.attrs;
  const [x = ''] = writer.operands(call);
  const rank = writer.inputShape(call)?.length;
  if (rank === undefined)
    throw new GraphError(
      `Node '${node.name}' (group_norm) has an input of unknown rank; ONNX needs to know it.`,
      node.name,
    );
  const step = (opType: string, inputs: readonly string[], base: string, to?: string): string => {
    const name = to ?? writer.freshName(`${output}_${base}`);
    writer.node(opType, inputs, name, opType === 'InstanceNormalization' ? { epsilon: { f: eps } } : {});
    return name;
  };
  const ones = filled(writer, `${output}_ones`, groups, 1);
  const zeros = filled(writer, `${output}_zeros`, groups, 0);
  const grouped = step('Reshape', [x, writer.integers(`${output}_groups`, [0, groups, -1])], 'grouped');
  const normal = step('InstanceNormalization', [grouped, ones, zeros], 'normal');
  const shape = step('Shape', [x], 'shape');
  const perChannel = (param: string | null) => param !== null;
  const steps = [weight, bias].filter(perChannel).length;
  let value = step('Reshape', [normal, shape], 'whole', steps === 0 ? output : undefined);
  const axes = [-1, ...new Array<number>(rank - 2).fill(1)];
  const channels = (param: NonNullable<typeof weight>) =>
    writer.reshapedParam(param, [writer.tensor(param).data.length, ...axes.slice(1)]);
  if (weight !== null)
    value = step('Mul', [value, channels(weight)], 'scaled', bias === null ? output : undefined);
  if (bias !== null) step('Add', [value, channels(bias)], 'shifted', output);
};
