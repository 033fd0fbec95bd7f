import { GraphError } from '../../graph/errors';
import { type ModuleName, paramOf } from '../../graph/ids';
import type { ModuleSpec } from '../../graph/model';
import type { CallModule, Node } from '../../graph/node';
import { LOWERED_LAYERS } from '../../graph/quantizedTypes';
import { resolveModule } from '../../graph/resolve/resolveModule';
import { asFloat } from '../../graph/tensor';
import { isLayerCall } from '../layerAxes';
import { gridQParams, weightOnGrid } from '../quantizeWeight';
import type { LowerGraph } from './lowerGraph';
import { type StaticPattern, staticPattern } from './staticPattern';

/** The pattern around a layer's module. */
interface LayerPattern extends StaticPattern {
  readonly op: CallModule;
}

/**
 * Reference layers become quantized modules with the scale and zero point of their output
 * (`_lower_static_weighted_ref_module`):
 *
 *     quantize → dequantize → linear (reference) → quantize_per_tensor(…, scale, zero_point) → y
 *     becomes
 *     quantize → linear (quantized, scale, zero_point) → y
 *
 * A ReLU between layer and quantize goes with it: its grid begins at 0.
 */
export function lowerWeightedModules(graph: LowerGraph): void {
  const patterns = graph.rewriter.graph.nodes.flatMap((node) => findLayer(graph, node));
  const targets = graph.targetsFor(patterns.map(({ op }) => op));
  for (const pattern of patterns)
    lowerLayer(graph, pattern, targets.get(pattern.op.name) ?? pattern.op.target);
}

function findLayer(graph: LowerGraph, node: Node): readonly LayerPattern[] {
  const pattern = staticPattern(graph, node, (op) => isReferenceLayer(graph, op), [0]);
  return pattern?.op.op === 'call_module' ? [{ ...pattern, op: pattern.op }] : [];
}

/** A fused module whose layer was not exchanged keeps its float form. */
function isReferenceLayer(graph: LowerGraph, node: Node): boolean {
  const spec = node.op === 'call_module' ? graph.reference.modules[node.target] : undefined;
  return spec !== undefined && LOWERED_LAYERS.has(spec.type) && 'weight_qscheme' in spec.attrs;
}

function lowerLayer(graph: LowerGraph, pattern: LayerPattern, target: ModuleName): void {
  const { op, quantize } = pattern;
  const spec = graph.reference.modules[op.target];
  const dequantize = graph.nodeOf(op.args[0]);
  if (!spec || !dequantize) return;
  graph.modules[target] = quantizedModule(graph, pattern, spec);
  storeWeight(graph, op, target);
  graph.retarget(op, target);
  const { scale, zeroPoint } = graph.gridOf(quantize);
  const grid = `scale ${Number(scale.toPrecision(6))}, zero point ${zeroPoint}`;
  const what = `${op.name} runs in int8; its output has ${grid}.`;
  graph.rewriter.rescale(op.name, 'quantized', [paramOf(target, 'weight')], what);
  graph.readQuantized(op.name, dequantize);
  graph.dropQuantize(quantize, op.name);
}

function quantizedModule(
  graph: LowerGraph,
  { op, relu, quantize }: LayerPattern,
  spec: ModuleSpec,
): ModuleSpec {
  const { padding } = spec.attrs;
  if (typeof padding === 'string')
    throw new GraphError(
      `PyTorch 1.13.1 cannot lower '${op.name}': its quantized convolution takes padding as numbers, not '${padding}' (conv_prepack: Expected a value of type 'List[int]'). Write the padding in numbers, or use the reference form.`,
      op.name,
    );
  const { scale, zeroPoint } = graph.gridOf(quantize);
  const type = LOWERED_LAYERS.get(spec.type) ?? spec.type;
  if (relu && zeroPoint > 0)
    throw new GraphError(
      `Lowering '${op.name}' would lose '${relu.name}': PyTorch 1.13.1 drops a ReLU behind a layer that it is not fused to, which is right only for a grid that begins at 0; this one's zero point is ${zeroPoint}. Use the reference form.`,
      op.name,
    );
  return { type, attrs: { ...spec.attrs, scale, zero_point: zeroPoint } };
}

/** The weight on its grid, and the rest as it was, for a module of that name. */
function storeWeight(graph: LowerGraph, op: CallModule, target: ModuleName): void {
  const call = resolveModule(graph.reference, op);
  if (!isLayerCall(call)) return;
  const { weight, weightGrid, bias } = call.attrs;
  if (!weightGrid) return;
  const float = asFloat(graph.reference.params[weight], weight);
  const qparams = gridQParams(graph.reference, weightGrid);
  graph.params[paramOf(target, 'weight')] = weightOnGrid(float, qparams, weightGrid);
  for (const [name, source] of [
    ['weight_scale', weightGrid.scale],
    ['weight_zero_point', weightGrid.zeroPoint],
    ['bias', bias],
  ] as const) {
    const tensor = source && graph.reference.params[source];
    if (tensor) graph.params[paramOf(target, name)] = tensor;
  }
}
