import { rangeText } from '../equalize/activationObservers';
import { moduleName, type ParamName, paramOf } from '../graph/ids';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import type { OpCall, Operand } from '../graph/op';
import type { Tensor } from '../graph/tensor';
import { type ObservedModel, observerState } from '../quant/observer';
import { arrow, attributeDetail } from './attributeDetail';

export const isObserved = (model: Model): model is ObservedModel => 'observers' in model;

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** The one line under a node's name: sizes, ranges, parameters; of an op on quantized data, that it is one. */
export function nodeDetail(model: Model, node: Node, call: OpCall | null, isQuantized: boolean): string {
  const detail = ownDetail(model, node, call);
  if (!isQuantized || call?.op === 'quantize_per_tensor') return detail;
  return detail === '' ? 'int8' : `${detail}, int8`;
}

function ownDetail(model: Model, node: Node, call: OpCall | null): string {
  switch (call?.op) {
    case 'linear':
      return `${arrow(call.attrs.inFeatures, call.attrs.outFeatures)}${call.attrs.bias ? '' : ', no bias'}`;
    case 'observer':
      return observerDetail(model, node);
    case 'equalization_observer':
      return equalizationDetail(model, node);
    case 'get_attr':
      return constantDetail(model, call);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'matmul':
      return call.operands.map(operandText).join(', ');
    default:
      return call ? attributeDetail(call.op, call) : '';
  }
}

const operandText = (operand: Operand): string =>
  operand.kind === 'number' ? String(operand.value) : operand.node;

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
  const tensor = model.params[attrs.param] ?? packedWeight(model, attrs.param);
  if (!tensor) return '';
  const [first] = tensor.data;
  return tensor.data.length === 1 && first !== undefined ? short(first) : `[${tensor.shape.join(', ')}]`;
}

/** The weight in a packed object. */
const packedWeight = (model: Model, packed: ParamName): Tensor | undefined =>
  model.params[paramOf(moduleName(packed), 'weight')];
