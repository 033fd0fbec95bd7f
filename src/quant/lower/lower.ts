import { removeDeadNodes } from '../../graph/deadNodes';
import type { Model } from '../../graph/model';
import type { ReferenceModel } from '../convert/referenceModel';
import type { PassResult } from '../passResult';
import { lowerBinaryOps } from './binaryOp';
import { LowerGraph, type LoweringSemantics } from './lowerGraph';
import { lowerShapeReads } from './shapeReads';
import { lowerSpecialPatterns } from './specialPattern';
import { lowerWeightedFunctions } from './weightedFunction';
import { lowerWeightedModules } from './weightedModule';

/**
 * Lowers the reference form to quantized modules and functions
 * (torch/ao/quantization/fx/_lower_to_native_backend.py, in its order):
 *
 *     x → quantize → dequantize → linear (reference) → quantize → dequantize → y
 *     becomes
 *     x → quantize → linear (quantized: scale, zero point) → dequantize → y
 *
 * What has no quantized kernel keeps its reference form, ops whose qconfig is float too. In exact semantics it computes
 * what the reference form does. In `pytorch` semantics it has the defects of PyTorch's: all calls of a module share one
 * quantized module, with the last call's grid, the slopes of a PReLU are rounded to whole numbers, a Dropout has no grid
 * of its own, and a sum or product with a number has that of PyTorch's kernels.
 * Throws a GraphError with the node at fault where PyTorch 1.13.1 raises.
 */
export function lower(reference: ReferenceModel, semantics: LoweringSemantics = 'exact'): PassResult<Model> {
  const graph = new LowerGraph(reference, semantics);
  lowerWeightedModules(graph);
  lowerWeightedFunctions(graph);
  lowerBinaryOps(graph);
  lowerShapeReads(graph);
  lowerSpecialPatterns(graph);
  removeDeadNodes(graph.rewriter);
  graph.rename();
  return { model: graph.model(), changes: graph.rewriter.changes };
}
