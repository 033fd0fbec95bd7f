import type { ParamName } from '../../graph/ids';
import { LINEAR } from '../../graph/moduleTypes';
import type { NodeRef } from '../../graph/node';
import type { AtenCall } from './atenCall';
import { asModule, isHeld, shapeOfParam } from './atenModule';
import type { AtenRule } from './atenRule';

/* Linear layers, as torch.export keeps them or as decompositions write them out. */

function linearLayer(call: AtenCall, input: string, weight: ParamName | null, bias: string): NodeRef | null {
  if (weight === null || !isHeld(call, bias)) return null;
  const [outFeatures, inFeatures, ...more] = shapeOfParam(call, weight);
  if (outFeatures === undefined || inFeatures === undefined || more.length > 0) return null;
  const tensors = { weight, bias: call.param(bias) };
  const attrs = { in_features: inFeatures, out_features: outFeatures, bias: tensors.bias !== null };
  return asModule(call, { type: LINEAR, attrs, tensors, input: call.operand(input) });
}

export const linear: AtenRule = (call) =>
  linearLayer(call, 'input', call.param('weight'), 'bias') ??
  call.call('torch.nn.functional.linear', [
    call.operand('input'),
    call.operand('weight'),
    call.argument('bias') ?? null,
  ]);

/** `bias + x · Wᵀ`, as a Linear is written out: the weight comes transposed. */
export const addmm: AtenRule = (call) => {
  call.only('beta', 1);
  call.only('alpha', 1);
  const weight = call.param('mat2', true);
  const layer = linearLayer(call, 'mat1', weight, 'self');
  if (layer) return layer;
  const [input, bias] = [call.operand('mat1'), call.operand('self')];
  if (weight !== null && call.param('self') !== null)
    return call.call('torch.nn.functional.linear', [input, call.builder.getAttr(weight), bias]);
  return call.call('torch.add', [call.step('mm', 'torch.matmul', [input, call.operand('mat2')]), bias]);
};

/** A product of matrices; with a transposed weight, a Linear without bias. */
export const mm: AtenRule = (call) => {
  const weight = call.param('mat2', true);
  const layer = linearLayer(call, 'self', weight, 'bias');
  if (layer) return layer;
  if (weight !== null)
    return call.call('torch.nn.functional.linear', [call.operand('self'), call.builder.getAttr(weight)]);
  return call.call('torch.matmul', [call.operand('self'), call.operand('mat2')]);
};
