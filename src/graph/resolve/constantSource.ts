import { constantBehind } from '../constantBehind';
import type { GraphIndex } from '../graph';
import type { ParamName } from '../ids';
import type { Model } from '../model';
import { type Argument, isNodeRef, type Node } from '../node';
import type { WeightGrid } from '../op';

/** A tensor of the model that a call reads, and the grid that it is moved to on the way. */
export interface ConstantSource {
  readonly param: ParamName;
  readonly grid: WeightGrid | null;
}

/**
 * The tensor behind an argument: a `get_attr` node's, also behind observers, or that of the reference form's
 * `get_attr → quantize_per_tensor or quantize_per_channel → dequantize`. Null for any other value.
 */
export function constantSource(
  model: Pick<Model, 'modules'>,
  index: GraphIndex,
  arg: Argument | undefined,
): ConstantSource | null {
  const node = nodeOf(index, arg);
  if (!node) return null;
  if (node.op !== 'call_method' || node.target !== 'dequantize') {
    const param = constantBehind(model, index, node.name);
    return param === null ? null : { param, grid: null };
  }
  const quantize = nodeOf(index, node.args[0]);
  const source = nodeOf(index, quantize?.args[0]);
  const grid = quantize && gridOf(index, quantize);
  return grid && source?.op === 'get_attr' ? { param: source.target, grid } : null;
}

const nodeOf = (index: GraphIndex, arg: Argument | undefined): Node | undefined =>
  isNodeRef(arg) ? index.find(arg.node) : undefined;

/** `quantize_per_tensor(w, scale, zero_point, dtype)`, `quantize_per_channel(w, scales, zero_points, axis, dtype)`. */
function gridOf(index: GraphIndex, node: Node): WeightGrid | null {
  const perChannel = node.target === 'torch.quantize_per_channel';
  if (node.op !== 'call_function' || (!perChannel && node.target !== 'torch.quantize_per_tensor'))
    return null;
  const [, scaleArg, zeroPointArg, ...rest] = node.args;
  const [scale, zeroPoint] = [nodeOf(index, scaleArg), nodeOf(index, zeroPointArg)];
  const axis = perChannel ? rest[0] : null;
  const dtype = rest.at(-1);
  if (scale?.op !== 'get_attr' || zeroPoint?.op !== 'get_attr') return null;
  if (axis !== null && typeof axis !== 'number') return null;
  if (typeof dtype !== 'object' || dtype === null || !('dtype' in dtype)) return null;
  return { scale: scale.target, zeroPoint: zeroPoint.target, axis, dtype: dtype.dtype };
}
