import type { GraphIndex } from '../graph';
import { paramOf } from '../ids';
import type { Model } from '../model';
import type { Dims } from '../moduleTypes';
import type { OpAttrs, OpCall, Padding } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { flagAttr, type ModuleCall, numberAttr, refuse, sizesAttr, tensorAttr } from './moduleAttributes';
import { ownPaddings } from './resolvePool';

type ConvAttrs = OpAttrs['conv'];
type Window = Pick<ConvAttrs, 'kernelSize' | 'stride' | 'dilation'>;

/** `nn.Conv1d` … `nn.Conv3d` and their fused forms. */
export const convModule =
  (dims: Dims, relu: boolean) =>
  (call: ModuleCall): OpCall<'conv'> => {
    const { padding_mode: mode = 'zeros' } = call.spec.attrs;
    if (mode !== 'zeros')
      return refuse(call, `padding_mode ${JSON.stringify(mode)} is not supported; only "zeros" is`);
    const ones = new Array<number>(dims).fill(1);
    const window = {
      kernelSize: sizesAttr(call, 'kernel_size', dims),
      stride: sizesAttr(call, 'stride', dims, ones),
      dilation: sizesAttr(call, 'dilation', dims, ones),
    };
    const named = call.spec.attrs.padding;
    const padding =
      ownPaddings(named, dims) ??
      (typeof named === 'string'
        ? namedPadding(named, window, (problem) => refuse(call, problem))
        : sizesAttr(call, 'padding', dims, [0]).map(bothSides));
    const attrs: ConvAttrs = {
      ...window,
      weight: paramOf(call.target, 'weight'),
      bias: tensorAttr(call, 'bias', flagAttr(call, 'bias', true)),
      dims,
      padding,
      inChannels: numberAttr(call, 'in_channels'),
      outChannels: numberAttr(call, 'out_channels'),
      groups: numberAttr(call, 'groups', 1),
      relu,
      functional: false,
    };
    checkWindow(attrs, (problem) => refuse(call, problem));
    return { op: 'conv', operands: call.operands, attrs };
  };

/** `F.conv2d(x, weight, bias, …)` with constants of the model. */
export const convFunction =
  (dims: Dims) =>
  (node: Call, model: Model, index: GraphIndex): OpCall => {
    const names = ['input', 'weight', 'bias', 'stride', 'padding', 'dilation', 'groups'];
    const args = new CallArguments(node, names);
    const { param: weight, grid } = args.tensor('weight', model, index) ?? args.fail("needs a 'weight'");
    const shape = model.params[weight]?.shape ?? [];
    const [outChannels, perGroup, ...kernelSize] = shape;
    if (outChannels === undefined || perGroup === undefined || kernelSize.length !== dims)
      return args.fail(`needs a weight of ${dims + 2} axes; '${weight}' has shape [${shape.join(', ')}]`);
    const window = {
      kernelSize,
      stride: args.sizes('stride', dims, [1]),
      dilation: args.sizes('dilation', dims, [1]),
    };
    const groups = args.number('groups', 1);
    const named = args.value('padding');
    const padding =
      typeof named === 'string'
        ? namedPadding(named, window, (problem) => args.fail(problem))
        : args.sizes('padding', dims, [0]).map(bothSides);
    const bias = args.constant('bias', model, index);
    const sizes = { dims, padding, inChannels: perGroup * groups, outChannels, groups };
    const attrs: ConvAttrs = {
      ...window,
      ...sizes,
      weight,
      bias,
      relu: false,
      functional: true,
      ...(grid && { weightGrid: grid }),
    };
    checkWindow(attrs, (problem) => args.fail(`is not possible: ${problem}`));
    return { op: 'conv', operands: [args.operand('input')], attrs };
  };

export const bothSides = (size: number): Padding => [size, size];

/** torch/nn/modules/conv.py: of an odd total, the larger half goes behind. */
function namedPadding(
  name: string,
  { kernelSize, stride, dilation }: Window,
  fail: (problem: string) => never,
): readonly Padding[] {
  if (name === 'valid') return kernelSize.map(() => [0, 0]);
  if (name !== 'same') return fail(`padding '${name}' is not known; numbers, 'same' and 'valid' are`);
  if (stride.some((step) => step !== 1))
    return fail(`padding 'same' needs stride 1, got [${stride.join(', ')}]`);
  return kernelSize.map((size, i) => {
    const total = (dilation[i] ?? 1) * (size - 1);
    const before = Math.floor(total / 2);
    return [before, total - before];
  });
}

export function checkWindow(
  attrs: ConvAttrs | OpAttrs['conv_transpose'],
  fail: (problem: string) => never,
): void {
  const { inChannels, outChannels, groups, kernelSize, stride, dilation, padding } = attrs;
  const positive = [groups, inChannels, outChannels, ...kernelSize, ...stride, ...dilation];
  if (positive.some((size) => !Number.isInteger(size) || size < 1))
    fail('channels, groups, kernel size, stride and dilation must be whole numbers of 1 or more');
  if (typeof padding !== 'string' && padding.flat().some((size) => size < 0))
    fail('padding must not be negative');
  if (inChannels % groups !== 0 || outChannels % groups !== 0)
    fail(`${groups} groups do not divide ${inChannels} input and ${outChannels} output channels`);
}
