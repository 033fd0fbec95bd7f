import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import { ConvertGraph } from './convertGraph';
import { keepsGrid, observationOf } from './observation';
import { isObserver, type ObservedModel, observerQParams, observerRoot, observerState } from './observer';
import type { PassResult } from './passResult';

/**
 * Turns an observed model into its quantized form, lowered as the seed prints it:
 *
 *     x → observer → linear → observer → add
 *     becomes
 *     x → quantize_per_tensor(x, scale, zero_point, quint8) → linear (quantized) → dequantize → add
 *
 * A Linear between two observers runs in int8 with its weight on the int8 grid and the scale and zero point of its
 * output. Ops that only move values stay on quantized data. Every other observed op keeps PyTorch's reference
 * form: dequantize, float op, quantize (torch/ao/quantization/fx/convert.py, _lower_to_native_backend.py).
 */
export function convert(model: ObservedModel): PassResult<Model> {
  const target = new ConvertGraph(model);
  for (const node of model.graph.nodes) visit(model, target, node);
  return target.result();
}

function visit(model: ObservedModel, target: ConvertGraph, node: Node): void {
  if (node.op === 'call_module' && model.observers[node.target]) visitObserver(model, target, node);
  else if (node.op === 'call_module' && isObserver(model, node.target))
    target.dropObserver(node, `${node.name} has done its work.`);
  else if (target.isQuantizedLinear(node)) return;
  else if (staysQuantized(model, target, node)) target.keepOnQuantizedData(node);
  else {
    const call = target.meaning(node);
    if (call?.op === 'linear' || call?.op === 'conv') target.fakeQuantizeWeight(node, call);
    target.readFloat(node);
  }
}

function visitObserver(model: ObservedModel, target: ConvertGraph, node: Node): void {
  const observer = node.op === 'call_module' ? observerState(model, node.target) : undefined;
  const producer = target.inputNode(node);
  if (!observer || !producer) return;
  const qparams = observerQParams(observer);
  if (target.isQuantizedLinear(producer)) target.quantizeLinear(producer, node, qparams);
  else if (target.isQuantized(producer.name))
    target.dropObserver(node, `${producer.name} is quantized already.`);
  else target.insertQuantize(producer, node, qparams, observer.spec.dtype);
}

/** An op that moves values, reads quantized ones and shares their observer: it runs on the integers as they are. */
function staysQuantized(model: ObservedModel, target: ConvertGraph, node: Node): boolean {
  const call = target.meaning(node);
  if (!call || !keepsGrid(call) || observationOf(call, node) !== 'shared') return false;
  const inputs = target.originalInputs(node);
  const users = target.originalUsers(node);
  if (inputs.length === 0 || users.length !== 1) return false;
  const roots = [...inputs, ...users].map((end) =>
    end.op === 'call_module' && model.observers[end.target] ? observerRoot(model, end.target) : null,
  );
  return roots.every((root) => root !== null && root === roots[0]);
}
