import type { EqualizeResult } from '../equalize/equalization';
import type { ModelTap } from '../exec/compare';
import { GraphIndex } from '../graph/graph';
import { type NodeName, nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { foldedNorm } from '../quant/fuse/foldBatchNorm';
import { takenRelu } from '../quant/fuse/fusedRelu';
import { channelAxis } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { layerNodes } from '../quant/weightUse';

/** What equalization did to the outputs of layers, and is undone before they are compared. */
export type MovedOutputs = Pick<EqualizeResult, 'outputScales' | 'outputShifts'>;

/**
 * Where a layer's output is found in the float model and in the quantized one. A LinearReLU's output (or a ConvReLU's)
 * is the ReLU of the user's graph, that of a layer with a folded batch normalization the normalization. An equalized
 * layer's output may carry a scale in its channels: it is divided out. `quantized` is the reference form of a quantized
 * model; without it both models are alike.
 */
export function layerTaps(
  model: ObservedModel,
  moved: MovedOutputs | null,
  quantized: Model | null = null,
): readonly ModelTap[] {
  const index = quantized && new GraphIndex(quantized.graph);
  return layerNodes(model, new GraphIndex(model.graph)).flatMap(({ node, call }) => {
    // A layer that nothing reads is not converted.
    if (index && !index.find(node.name)) return [];
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    const last = takenRelu(spec, node.name)?.relu.name ?? foldedNorm(spec, node.name);
    const reference = typeof last === 'string' ? nodeName(last) : node.name;
    const candidate = (index && roundedOutput(index, node.name)) ?? node.name;
    const values = moved?.outputScales.get(node.name);
    const shift = moved?.outputShifts.get(node.name) ?? null;
    const unscale = values ? { values, shift, axis: channelAxis(call) } : null;
    return [{ name: node.name, reference, candidate, unscale }];
  });
}

/** `layer → quantize_per_tensor → dequantize`: the last, which has the layer's output on its grid; null without them. */
function roundedOutput(index: GraphIndex, layer: NodeName): NodeName | null {
  const quantize = index.users(layer).find((user) => user.target === 'torch.quantize_per_tensor');
  const dequantize = quantize && index.users(quantize.name).find((user) => user.target === 'dequantize');
  return dequantize?.name ?? null;
}

/**
 * The same for the equalized float model (`floatModel`): its ReLUs stand apart again, a folded batch normalization does
 * not.
 */
export function floatTaps(model: ObservedModel, moved: MovedOutputs | null): readonly ModelTap[] {
  const nodes = new Map(model.graph.nodes.map((node) => [node.name, node]));
  return layerTaps(model, moved).map((tap) => {
    const node = nodes.get(tap.candidate);
    const taken = node?.op === 'call_module' ? takenRelu(model.modules[node.target], node.name) : null;
    return taken ? { ...tap, candidate: taken.relu.name } : tap;
  });
}
