import { GraphError } from '../../graph/errors';
import { type ModuleName, moduleName, type ParamName, paramOf } from '../../graph/ids';
import type { Attribute } from '../../graph/model';
import type { CallFunction } from '../../graph/node';
import { packedType } from '../../graph/quantizedTypes';
import { asFloat } from '../../graph/tensor';
import type { RowLayerCall } from '../layerAxes';
import { gridQParams, weightOnGrid } from '../quantizeWeight';
import type { LowerGraph } from './lowerGraph';

/** Arguments of `conv2d_prepack` behind weight and bias: PyTorch passes on what the call has in these places. */
const WINDOW = ['stride', 'padding', 'dilation', 'groups'] as const;

/**
 * Throws a GraphError where PyTorch's `conv2d_prepack` refuses a functional convolution: it takes stride, padding,
 * dilation and groups from the call as they stand there, without its defaults.
 */
export function checkPrepack(node: CallFunction, { op, attrs }: RowLayerCall): void {
  if (op !== 'conv') return;
  const name = `conv${attrs.dims}d`;
  const advice = `Write ${name}(x, weight, bias, (…), (…), (…), groups) with all arguments in their places, or use the reference form.`;
  WINDOW.forEach((argument, i) => {
    const place = 3 + i;
    const value = node.args[place];
    if (place >= node.args.length)
      throw new GraphError(
        `PyTorch 1.13.1 cannot lower '${node.name}': quantized::${name}_prepack() is missing value for argument '${argument}'. ${advice}`,
        node.name,
      );
    // Of one dimension, PyTorch makes a list of the number.
    const isList = Array.isArray(value) || (attrs.dims === 1 && typeof value === 'number');
    if (argument !== 'groups' && !isList)
      throw new GraphError(
        `PyTorch 1.13.1 cannot lower '${node.name}': quantized::${name}_prepack() expects a list for argument '${argument}', the call has ${JSON.stringify(value)}. ${advice}`,
        node.name,
      );
  });
}

/** Makes the packed object of a functional layer: weight on its grid, bias, window. Null for a weight that is on none. */
export function packWeight(graph: LowerGraph, node: CallFunction, call: RowLayerCall): ModuleName | null {
  const { weight, weightGrid } = call.attrs;
  if (!weightGrid) return null;
  const target = freeTarget(graph);
  // By keyword, PyTorch leaves the bias in the call.
  const bias = node.args.length > 2 ? call.attrs.bias : null;
  graph.modules[target] = {
    type: packedType(call.op, call.op === 'conv' ? call.attrs.dims : 1),
    attrs: {
      ...sizes(call),
      bias: bias !== null,
      weight_qscheme: weightGrid.axis === null ? 'torch.per_tensor_affine' : 'torch.per_channel_affine',
      weight_dtype: weightGrid.dtype,
      weight_axis: weightGrid.axis,
    },
  };
  const float = asFloat(graph.reference.params[weight], weight);
  const put = (name: string, source: ParamName | null) => {
    const tensor = source && graph.reference.params[source];
    if (tensor) graph.params[paramOf(target, name)] = tensor;
  };
  graph.params[paramOf(target, 'weight')] = weightOnGrid(
    float,
    gridQParams(graph.reference, weightGrid),
    weightGrid,
  );
  put('weight_scale', weightGrid.scale);
  put('weight_zero_point', weightGrid.zeroPoint);
  put('bias', bias);
  return target;
}

/** `_packed_weight_0`, `_packed_weight_1` … (`fold_weight`). */
function freeTarget(graph: LowerGraph): ModuleName {
  const name = (number: number) => moduleName(`_packed_weight_${number}`);
  let number = 0;
  while (Object.hasOwn(graph.modules, name(number)) || Object.hasOwn(graph.params, name(number))) number++;
  return name(number);
}

function sizes(call: RowLayerCall): Readonly<Record<string, Attribute>> {
  if (call.op === 'linear')
    return { in_features: call.attrs.inFeatures, out_features: call.attrs.outFeatures };
  const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups } = call.attrs;
  return {
    in_channels: inChannels,
    out_channels: outChannels,
    kernel_size: kernelSize,
    stride,
    // `checkPrepack` has seen numbers.
    padding: typeof padding === 'string' ? [] : padding.map(([before]) => before),
    dilation,
    groups,
  };
}
