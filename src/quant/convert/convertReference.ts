import type { Node } from '../../graph/node';
import { checkRanges } from '../checkRanges';
import { isObserver, type ObservedModel } from '../observer';
import type { PassResult } from '../passResult';
import type { Semantics } from '../semantics';
import { ReferenceGraph } from './referenceGraph';
import type { ReferenceModel } from './referenceModel';

/**
 * Turns an observed model into PyTorch's reference form (torch/ao/quantization/fx/convert.py, `convert`): every
 * observer becomes a step to its grid and back, layers become reference modules.
 *
 *     x → observer → linear → observer → y
 *     becomes
 *     x → quantize_per_tensor(scale, zero_point) → dequantize → linear (reference) → quantize_per_tensor → dequantize → y
 *
 * The weight of a functional layer goes `get_attr → quantize → dequantize → F.linear`; a reference module does the same
 * within. What nothing reads afterwards goes, as PyTorch's `eliminate_dead_code` has it. Throws a GraphError where a
 * range is NaN.
 */
export function convertReference(
  model: ObservedModel,
  semantics: Semantics = 'exact',
): PassResult<ReferenceModel> {
  checkRanges(model);
  const target = new ReferenceGraph(model);
  for (const node of model.graph.nodes) visit(model, target, node);
  const { model: reference, changes } = target.result();
  return { model: semantics === 'pytorch' ? { ...reference, halves: 'float32' } : reference, changes };
}

function visit(model: ObservedModel, target: ReferenceGraph, node: Node): void {
  if (node.op !== 'call_module') return;
  if (model.observers[node.target]) target.quantizeObserved(node);
  else if (model.weightObservers[node.target]) target.quantizeWeight(node);
  else if (isObserver(model, node.target)) target.dropObserver(node);
  else target.exchangeModule(node);
}
