import { GraphError } from '../../graph/errors';
import { type ModuleName, type NodeName, paramOf } from '../../graph/ids';
import { type Argument, type CallModule, isList, type Node, replaceInput } from '../../graph/node';
import { LOWERED_MODULES, QUANTIZED_DROPOUT } from '../../graph/quantizedTypes';
import { asFloat } from '../../graph/tensor';
import { weightOnGrid } from '../quantizeWeight';
import type { LowerGraph } from './lowerGraph';
import { isDefaultFunction, isSpecialNode } from './specialNodes';
import { isDequantize, isQuantize } from './staticPattern';

/** `dequantize → op → quantize_per_tensor`, for one input or a list of them. */
interface SpecialPattern {
  readonly quantize: Node;
  readonly op: Node;
  readonly dequantized: readonly Node[];
}

/** Quantized functions that have no such argument (`QOP_TO_ARG_NAMES_TO_SKIP`). */
const WITHOUT_INPLACE: ReadonlySet<string> = new Set([
  'torch.nn.functional.elu',
  'torch.nn.functional.hardswish',
  'torch.nn.functional.dropout',
]);

/**
 * Ops that have a kernel for quantized data (`special_pattern_replacement`): activations, pools, ops that move values.
 *
 *     dequantize → flatten → quantize_per_tensor → y                    becomes    flatten → y
 *     dequantize → leaky_relu → quantize_per_tensor(scale, zero) → y    becomes    quantized.leaky_relu(scale, zero) → y
 *
 * Modules with a grid of their own are exchanged for quantized ones. Nobody asks for the op's qconfig here.
 */
export function lowerSpecialPatterns(graph: LowerGraph): void {
  const patterns = graph.rewriter.graph.nodes.flatMap((node) => findSpecial(graph, node));
  const targets = graph.targetsFor(patterns.flatMap(({ op }) => exchangedModule(graph, op)));
  for (const { quantize, op } of patterns) {
    // Another pattern may have taken the op's input out of dequantized form.
    const [pattern] = findSpecial(graph, graph.rewriter.get(quantize.name));
    if (pattern) lowerSpecial(graph, pattern, targets.get(op.name) ?? null);
  }
}

function findSpecial(graph: LowerGraph, quantize: Node): readonly SpecialPattern[] {
  const op = isQuantize(quantize) ? graph.nodeOf(quantize.args[0]) : null;
  if (!op || !isSpecialNode(op, graph.typeOf(op))) return [];
  const [input] = op.args;
  if (input === undefined)
    throw new GraphError(
      `PyTorch 1.13.1 cannot lower '${op.name}': it looks for the input of ${op.target} in the first place and finds no argument there (IndexError: tuple index out of range). Pass it by position instead of by keyword, or use the reference form.`,
      op.name,
    );
  const inputs: readonly Argument[] = isList(input) ? input : [input];
  const dequantized = inputs.flatMap((arg) => graph.nodeOf(arg) ?? []).filter(isDequantize);
  return dequantized.length === inputs.length ? [{ quantize, op, dequantized }] : [];
}

const exchangedModule = (graph: LowerGraph, op: Node): readonly CallModule[] =>
  op.op === 'call_module' && LOWERED_MODULES.has(graph.typeOf(op) ?? '') ? [op] : [];

function lowerSpecial(
  graph: LowerGraph,
  { quantize, op, dequantized }: SpecialPattern,
  target: ModuleName | null,
): void {
  if (op.op === 'call_module' && target !== null) exchangeModule(graph, op, target, quantize);
  if (isDefaultFunction(op)) replaceFunction(graph, quantize, op, dequantized);
  else {
    for (const source of dequantized) graph.readQuantized(op.name, source);
    graph.dropQuantize(quantize, op.name);
  }
}

function exchangeModule(graph: LowerGraph, op: CallModule, target: ModuleName, quantize: Node): void {
  const spec = graph.reference.modules[op.target];
  const type = spec && LOWERED_MODULES.get(spec.type);
  if (!spec || !type) return;
  const { scale, zeroPoint } = graph.gridOf(quantize);
  const hasGrid = graph.semantics === 'exact' || type !== QUANTIZED_DROPOUT;
  const own = hasGrid ? { scale, zero_point: zeroPoint } : {};
  graph.modules[target] = { type, attrs: { ...spec.attrs, ...own } };
  graph.copyTensors(op.target, target);
  if (graph.semantics === 'pytorch' && spec.type === 'torch.nn.PReLU') roundSlopes(graph, target);
  graph.retarget(op, target);
  const grid = `scale ${Number(scale.toPrecision(6))}, zero point ${zeroPoint}`;
  graph.rewriter.rescale(op.name, 'quantized', [], `${op.name} becomes a ${type}: its output has ${grid}.`);
}

/** `nn.quantized.PReLU` asks an observer that has seen nothing: scale 1, zero point 0, in 0…255. */
function roundSlopes(graph: LowerGraph, target: ModuleName): void {
  const name = paramOf(target, 'weight');
  const grid = { axis: null, dtype: 'torch.quint8' };
  graph.params[name] = weightOnGrid(asFloat(graph.params[name], name), [{ scale: 1, zeroPoint: 0 }], grid);
}

/** `F.elu` → `torch.ops.quantized.elu(…, output_scale, output_zero_point)`. */
function replaceFunction(graph: LowerGraph, quantize: Node, op: Node, dequantized: readonly Node[]): void {
  const { inplace, ...others } = op.kwargs;
  const kept = inplace === undefined || WITHOUT_INPLACE.has(op.target) ? {} : { inplace };
  const [, scale = null, zeroPoint = null] = quantize.args;
  const kwargs = { ...others, ...kept, output_scale: scale, output_zero_point: zeroPoint };
  const call = dequantized.reduce<Node>((node, source) => {
    const from: NodeName | undefined = graph.nodeOf(source.args[0])?.name;
    return from === undefined ? node : replaceInput(node, source.name, from);
  }, op);
  const target = op.target.replace('torch.nn.functional', 'torch.ops.quantized');
  graph.replaceQuantize(quantize, { target, args: call.args, kwargs }, op);
  graph.removeUnread(op);
}
