import { type ModuleName, moduleName, type NodeName, type ParamName, paramName } from '../../graph/ids';
import type { ModuleSpec } from '../../graph/model';
import { type Node, ref } from '../../graph/node';
import type { Rewriter } from '../../graph/rewriter';
import { floatTensor, type Tensor } from '../../graph/tensor';
import type { QParams } from '../qparams';

/** Where a value goes: one grid, or one for each slice along an axis. */
export interface Quantization {
  readonly qparams: readonly QParams[];
  readonly axis: number | null;
  readonly dtype: string;
}

/** What is being built: the graph, and the tensors and modules that its nodes name. */
export interface GridTarget {
  readonly rewriter: Rewriter;
  readonly params: Record<ParamName, Tensor>;
  readonly modules: Readonly<Record<ModuleName, ModuleSpec>>;
}

type Insert = (node: Node, sentence: string) => void;

const short = (value: number): string => Number(value.toPrecision(6)).toString();

/**
 * Inserts the four nodes that move a value to its grid and back, and gives the last
 * (convert.py, `replace_observer_with_quantize_dequantize_node`):
 *
 *     scale → get_attr,  zero_point → get_attr,  quantize_per_tensor(value, scale, zero_point, dtype),  dequantize
 */
export function insertGrid(
  target: GridTarget,
  value: NodeName,
  prefix: string,
  quantization: Quantization,
  insert: Insert,
): NodeName {
  const { axis, dtype } = quantization;
  const tensors = axis === null ? single(quantization.qparams) : qparamTensors(quantization.qparams);
  const scale = insertConstant(target, `${prefix}_scale_`, tensors.scale, insert);
  const zeroPoint = insertConstant(target, `${prefix}_zero_point_`, tensors.zeroPoint, insert);
  const kind = axis === null ? 'quantize_per_tensor' : 'quantize_per_channel';
  const quantize: Node = {
    name: target.rewriter.freeName(kind),
    op: 'call_function',
    target: `torch.${kind}`,
    args: [ref(value), ref(scale), ref(zeroPoint), ...(axis === null ? [] : [axis]), { dtype }],
    kwargs: {},
  };
  insert(quantize, `${value} is quantized with ${gridText(quantization)}.`);
  const dequantize: Node = {
    name: target.rewriter.freeName('dequantize'),
    op: 'call_method',
    target: 'dequantize',
    args: [ref(quantize.name)],
    kwargs: {},
  };
  insert(dequantize, `${quantize.name} is turned back into float.`);
  return dequantize.name;
}

function gridText({ qparams, axis }: Quantization): string {
  const [first] = qparams;
  if (axis !== null || !first) return `${qparams.length} scales along axis ${axis}`;
  return `scale ${short(first.scale)}, zero point ${first.zeroPoint}`;
}

interface QParamTensors {
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
}

/** Scales and zero points as tensors `[n]`. */
export function qparamTensors(qparams: readonly QParams[]): QParamTensors {
  const shape = [qparams.length];
  const scales = Float32Array.from(qparams, (q) => q.scale);
  const zeroPoints = Int32Array.from(qparams, (q) => q.zeroPoint);
  return {
    scale: floatTensor(shape, scales),
    zeroPoint: { dtype: 'int32', shape, data: zeroPoints },
  };
}

/** Those of one grid are tensors without axes. */
function single(qparams: readonly QParams[]): QParamTensors {
  const { scale, zeroPoint } = qparamTensors(qparams.slice(0, 1));
  return { scale: { ...scale, shape: [] }, zeroPoint: { ...zeroPoint, shape: [] } };
}

/** A tensor of the model and the node that reads it, under the next free number (`create_getattr_from_value`). */
function insertConstant(target: GridTarget, prefix: string, tensor: Tensor, insert: Insert): NodeName {
  const { rewriter, params, modules } = target;
  const clean = prefix.replaceAll('.', '_');
  const isTaken = (name: string) => Object.hasOwn(params, name) || Object.hasOwn(modules, moduleName(name));
  let number = 0;
  while (isTaken(`${clean}${number}`)) number++;
  const param = paramName(`${clean}${number}`);
  params[param] = tensor;
  const [first = 0] = tensor.data;
  const values = tensor.data.length === 1 ? ` = ${short(first)}` : `: ${tensor.data.length} values`;
  const name = rewriter.freeName(param);
  insert({ name, op: 'get_attr', target: param, args: [], kwargs: {} }, `${param}${values}`);
  return name;
}
