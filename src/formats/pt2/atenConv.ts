import type { Attribute } from '../../graph/model';
import { convType, type Dims } from '../../graph/moduleTypes';
import type { NodeRef } from '../../graph/node';
import type { AtenCall } from './atenCall';
import { asModule, isDims, isHeld, shapeOfParam } from './atenModule';
import type { AtenRule } from './atenRule';

/* Convolutions and transposed ones, under one op or one each. */

/** One number for all dimensions is spread over them. */
const spread = (list: readonly number[], dims: Dims): readonly number[] =>
  list.length === 1 && list[0] !== undefined ? new Array<number>(dims).fill(list[0]) : list;

export const convolution: AtenRule = (call) => {
  const transposed = call.flag('transposed', false);
  const outputPadding = call.numbers('output_padding', [0]);
  const rank = call.rankOf('weight');
  const dims = rank - 2;
  if (!isDims(dims)) return call.fail(`has a weight of ${rank} axes; 3 to 5 are supported`);
  const padding = call.value('padding');
  const window = {
    stride: spread(call.numbers('stride', [1]), dims),
    padding: typeof padding === 'string' ? padding : spread(call.numbers('padding', [0]), dims),
    dilation: spread(call.numbers('dilation', [1]), dims),
    groups: call.number('groups', 1),
  };
  return transposed
    ? transposedConvolution(call, dims, { ...window, output_padding: spread(outputPadding, dims) })
    : plainConvolution(call, dims, window);
};

/** Where its windows stand, as PyTorch's modules and functions name it. */
interface ConvWindow {
  readonly stride: readonly number[];
  readonly padding: string | readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

function plainConvolution(call: AtenCall, dims: Dims, window: ConvWindow): NodeRef {
  const weight = call.param('weight');
  const [out = 0, perGroup = 0, ...kernel] = weight === null ? [] : shapeOfParam(call, weight);
  const tensors = { weight, bias: call.param('bias') };
  const attrs = {
    in_channels: perGroup * window.groups,
    out_channels: out,
    kernel_size: kernel,
    ...window,
    bias: tensors.bias !== null,
    padding_mode: 'zeros',
  };
  const input = call.operand('input');
  const layer =
    weight !== null && isHeld(call, 'bias')
      ? asModule(call, { type: convType(dims), attrs, tensors, input })
      : null;
  return (
    layer ??
    call.call(`torch.nn.functional.conv${dims}d`, [
      input,
      call.operand('weight'),
      call.argument('bias') ?? null,
      window.stride,
      window.padding,
      window.dilation,
      window.groups,
    ])
  );
}

function transposedConvolution(
  call: AtenCall,
  dims: Dims,
  window: Readonly<Record<string, Attribute>>,
): NodeRef {
  const weight = call.param('weight');
  const [inChannels = 0, perGroup = 0, ...kernel] = weight === null ? [] : shapeOfParam(call, weight);
  const tensors = { weight, bias: call.param('bias') };
  const groups = Number(window.groups);
  const attrs = {
    in_channels: inChannels,
    out_channels: perGroup * groups,
    kernel_size: kernel,
    ...window,
    bias: tensors.bias !== null,
    padding_mode: 'zeros',
  };
  const input = call.operand('input');
  const layer =
    weight !== null
      ? asModule(call, { type: `torch.nn.ConvTranspose${dims}d`, attrs, tensors, input })
      : null;
  const { stride = 1, padding = 0, output_padding: outputPadding = 0, dilation = 1 } = window;
  return (
    layer ??
    call.call(`torch.nn.functional.conv_transpose${dims}d`, [
      input,
      call.operand('weight'),
      call.argument('bias') ?? null,
      stride,
      padding,
      outputPadding,
      groups,
      dilation,
    ])
  );
}

/** `conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation)`. */
export function transposedOf(call: AtenCall): NodeRef {
  const dims = call.rankOf('weight') - 2;
  if (!isDims(dims)) return call.fail(`has a weight of ${dims + 2} axes; 3 to 5 are supported`);
  return transposedConvolution(call, dims, {
    stride: spread(call.numbers('stride', [1]), dims),
    padding: spread(call.numbers('padding', [0]), dims),
    output_padding: spread(call.numbers('output_padding', [0]), dims),
    dilation: spread(call.numbers('dilation', [1]), dims),
    groups: call.number('groups', 1),
  });
}
