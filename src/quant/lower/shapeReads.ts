import { isNodeRef } from '../../graph/node';
import type { LowerGraph } from './lowerGraph';
import { isDequantize } from './staticPattern';

/**
 * A shape is read from the quantized value, which spares a dequantize (`_lower_getattr_tensor_metadta_op`); PyTorch does
 * it for `x.shape`, not for `x.size()`:
 *
 *     quantize → dequantize → getattr(…, "shape")        becomes        quantize → getattr(…, "shape")
 */
export function lowerShapeReads(graph: LowerGraph): void {
  for (const node of graph.rewriter.graph.nodes) {
    const [input] = node.args;
    if (node.op !== 'call_function' || node.target !== 'getattr' || !isNodeRef(input)) continue;
    const source = graph.nodeOf(input);
    if (isDequantize(source)) graph.readQuantized(node.name, source);
  }
}
