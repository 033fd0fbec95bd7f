import type { GraphIndex } from '../graph';
import { paramOf } from '../ids';
import type { Model } from '../model';
import type { Dims } from '../moduleTypes';
import type { OpAttrs, OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { flagAttr, type ModuleCall, numberAttr, refuse, sizesAttr, tensorAttr } from './moduleAttributes';
import { bothSides, checkWindow } from './resolveConv';
import { ownPaddings } from './resolvePool';

type Attrs = OpAttrs['conv_transpose'];

/** `nn.ConvTranspose1d` … `nn.ConvTranspose3d`. */
export const convTransposeModule =
  (dims: Dims) =>
  (call: ModuleCall): OpCall<'conv_transpose'> => {
    const { padding_mode: mode = 'zeros' } = call.spec.attrs;
    if (mode !== 'zeros')
      return refuse(call, `padding_mode ${JSON.stringify(mode)} is not supported; only "zeros" is`);
    const own = ownPaddings(call.spec.attrs.padding, dims);
    const attrs: Attrs = {
      weight: paramOf(call.target, 'weight'),
      bias: tensorAttr(call, 'bias', flagAttr(call, 'bias', true)),
      dims,
      inChannels: numberAttr(call, 'in_channels'),
      outChannels: numberAttr(call, 'out_channels'),
      kernelSize: sizesAttr(call, 'kernel_size', dims),
      stride: sizesAttr(call, 'stride', dims, [1]),
      padding:
        own !== null && typeof own !== 'string' ? own : sizesAttr(call, 'padding', dims, [0]).map(bothSides),
      outputPadding: sizesAttr(call, 'output_padding', dims, [0]),
      dilation: sizesAttr(call, 'dilation', dims, [1]),
      groups: numberAttr(call, 'groups', 1),
      relu: false,
      functional: false,
    };
    check(attrs, (problem) => refuse(call, problem));
    return { op: 'conv_transpose', operands: call.operands, attrs };
  };

/** `F.conv_transpose2d(x, weight, bias, …)` with constants of the model. */
export const convTransposeFunction =
  (dims: Dims) =>
  (node: Call, model: Model, index: GraphIndex): OpCall => {
    const args = new CallArguments(node, [
      ...['input', 'weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'],
    ]);
    const { param: weight, grid } = args.tensor('weight', model, index) ?? args.fail("needs a 'weight'");
    const shape = model.params[weight]?.shape ?? [];
    const [inChannels, perGroup, ...kernelSize] = shape;
    if (inChannels === undefined || perGroup === undefined || kernelSize.length !== dims)
      return args.fail(`needs a weight of ${dims + 2} axes; '${weight}' has shape [${shape.join(', ')}]`);
    const groups = args.number('groups', 1);
    const attrs: Attrs = {
      weight,
      bias: args.constant('bias', model, index),
      dims,
      inChannels,
      outChannels: perGroup * groups,
      kernelSize,
      stride: args.sizes('stride', dims, [1]),
      padding: args.sizes('padding', dims, [0]).map(bothSides),
      outputPadding: args.sizes('output_padding', dims, [0]),
      dilation: args.sizes('dilation', dims, [1]),
      groups,
      relu: false,
      functional: true,
      ...(grid && { weightGrid: grid }),
    };
    check(attrs, (problem) => args.fail(`is not possible: ${problem}`));
    return { op: 'conv_transpose', operands: [args.operand('input')], attrs };
  };

/** PyTorch's own limit: more of it would be more than a window's distance from what any window covers. */
function check(attrs: Attrs, fail: (problem: string) => never): void {
  checkWindow(attrs, fail);
  const { outputPadding, stride, dilation } = attrs;
  if (outputPadding.some((size, i) => size < 0 || size >= Math.max(stride[i] ?? 1, dilation[i] ?? 1)))
    fail(
      `output_padding [${outputPadding.join(', ')}] must be smaller than the stride [${stride.join(', ')}] or the dilation [${dilation.join(', ')}]`,
    );
}
