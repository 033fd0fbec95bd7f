import { rangeText } from '../equalize/equalization';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import type { OpCall, Operand } from '../graph/op';
import { type ObservedModel, observerState } from '../quant/observer';

export const isObserved = (model: Model): model is ObservedModel => 'observers' in model;

const short = (value: number): string => String(Number(value.toPrecision(4)));
const arrow = (from: number, to: number): string => `${from} → ${to}`;

/** The one line under a node's name: sizes, ranges, parameters. */
export function nodeDetail(model: Model, node: Node, call: OpCall | null): string {
  switch (call?.op) {
    case 'linear':
      return `${arrow(call.attrs.inFeatures, call.attrs.outFeatures)}${call.attrs.bias ? '' : ', no bias'}`;
    case 'quantized_linear':
      return `${arrow(call.attrs.inFeatures, call.attrs.outFeatures)}, int8`;
    case 'observer':
      return observerDetail(model, node);
    case 'equalization_observer':
      return equalizationDetail(model, node);
    case 'get_attr':
      return constantDetail(model, call);
    case 'quantize_per_tensor':
      return `${call.attrs.dtype.replace('torch.', '')}`;
    case 'leaky_relu':
      return `slope ${call.attrs.negativeSlope}`;
    case 'softmax':
      return `dim ${call.attrs.dim}`;
    case 'flatten':
      return `from dim ${call.attrs.startDim}`;
    case 'reshape':
      return `to [${call.attrs.shape.join(', ')}]`;
    case 'transpose':
      return `dims ${call.attrs.dim0} and ${call.attrs.dim1}`;
    case 'to':
      return call.attrs.dtype.replace('torch.', '');
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'matmul':
      return call.operands.map(operandText).join(', ');
    default:
      return '';
  }
}

const operandText = (operand: Operand): string =>
  operand.kind === 'node' ? operand.node : String(operand.value);

function observerDetail(model: Model, node: Node): string {
  const observer =
    isObserved(model) && node.op === 'call_module' ? observerState(model, node.target) : undefined;
  if (!observer) return '';
  if (observer.kind === 'fixed') {
    const { scale, zeroPoint } = observer.qparams;
    return `scale ${short(scale)}, zero point ${zeroPoint}`;
  }
  return observer.min > observer.max ? 'no data yet' : rangeText(observer.min, observer.max);
}

function equalizationDetail(model: Model, node: Node): string {
  if (!isObserved(model) || node.op !== 'call_module') return '';
  const columns = model.equalizationObservers[node.target]?.channels?.min.length;
  return columns === undefined ? 'no data yet' : `${columns} columns`;
}

function constantDetail(model: Model, { attrs }: OpCall<'get_attr'>): string {
  const tensor = model.params[attrs.param];
  if (!tensor) return '';
  const [first] = tensor.data;
  return tensor.data.length === 1 && first !== undefined ? short(first) : `[${tensor.shape.join(', ')}]`;
}
