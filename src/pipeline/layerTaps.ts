import type { ModelTap } from '../exec/compare';
import { GraphIndex } from '../graph/graph';
import { type NodeName, nodeName } from '../graph/ids';
import { foldedNorm } from '../quant/foldBatchNorm';
import { channelAxis } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { layerNodes } from '../quant/weightUse';

/**
 * Where a layer's output is found in the float model and in the quantized one. A LinearReLU's output (or a ConvReLU's)
 * is the ReLU of the user's graph, that of a layer with a folded batch normalization the normalization. An equalized
 * layer's output may carry a scale in its channels: it is divided out.
 */
export function layerTaps(
  model: ObservedModel,
  outputScales: ReadonlyMap<NodeName, Float32Array> | null,
): readonly ModelTap[] {
  return layerNodes(model, new GraphIndex(model.graph)).map(({ node, call }) => {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    const last = spec?.attrs.relu_node ?? foldedNorm(spec, node.name);
    const reference = typeof last === 'string' ? nodeName(last) : node.name;
    const values = outputScales?.get(node.name);
    return {
      name: node.name,
      reference,
      candidate: node.name,
      unscale: values ? { values, axis: channelAxis(call) } : null,
    };
  });
}

/**
 * The same for the equalized float model (`floatModel`): its ReLUs stand apart again, a folded batch normalization does
 * not.
 */
export function floatTaps(
  model: ObservedModel,
  outputScales: ReadonlyMap<NodeName, Float32Array> | null,
): readonly ModelTap[] {
  const nodes = new Map(model.graph.nodes.map((node) => [node.name, node]));
  return layerTaps(model, outputScales).map((tap) => {
    const node = nodes.get(tap.candidate);
    const relu = node?.op === 'call_module' ? model.modules[node.target]?.attrs.relu_node : undefined;
    return typeof relu === 'string' ? { ...tap, candidate: nodeName(relu) } : tap;
  });
}
