import type { GraphIndex } from '../graph';
import { moduleName, paramOf } from '../ids';
import type { Model } from '../model';
import type { Dims } from '../moduleTypes';
import { isNodeRef } from '../node';
import type { OpAttrs, OpCall, OutputGrid, WeightGrid } from '../op';
import { QUANTIZED_DROPOUT, QUANTIZED_TYPES, REFERENCE_TYPES } from '../quantizedTypes';
import { sizeOf } from '../tensor';
import { CallArguments } from './callArguments';
import type { CallRule } from './callRule';
import { type ModuleCall, numberAttr, refuse } from './moduleAttributes';
import { convModule } from './resolveConv';
import { linearModule } from './resolveLinear';

/* What quantized modules and functions mean: their float op, its weight on a grid, its output on a grid. */

type ModuleRule = (call: ModuleCall) => OpCall;
type Rules<R> = Readonly<Record<string, R>>;

const G = 'torch.ops.quantized';

/** The rules of reference and quantized modules, from those of the float modules. */
export function quantizedModules(float: Rules<ModuleRule>): Rules<ModuleRule> {
  const derived = (
    types: ReadonlyMap<string, string>,
    wrap: (rule: ModuleRule, type: string) => ModuleRule,
  ) =>
    [...types].flatMap(([from, to]): [string, ModuleRule][] => {
      const rule = float[from];
      return rule ? [[to, wrap(rule, to)]] : [];
    });
  return Object.fromEntries([
    ...derived(REFERENCE_TYPES, (rule) => (call) => withWeightGrid(rule(call), call)),
    ...derived(QUANTIZED_TYPES, (rule, type) => (call) => {
      if (type === QUANTIZED_DROPOUT && !('scale' in call.spec.attrs)) return rule(call);
      const quantized = { scale: numberAttr(call, 'scale'), zeroPoint: numberAttr(call, 'zero_point') };
      return { ...rule(call), quantized };
    }),
  ]);
}

/** A fused module keeps its type: whether the layer in it is a reference one, its `weight_qscheme` tells. */
function withWeightGrid(meaning: OpCall, call: ModuleCall): OpCall {
  if (meaning.op !== 'linear' && meaning.op !== 'conv' && meaning.op !== 'conv_transpose') return meaning;
  if (!('weight_qscheme' in call.spec.attrs)) return meaning;
  const { weight_axis: axis = null, weight_dtype: dtype } = call.spec.attrs;
  if ((axis !== null && typeof axis !== 'number') || typeof dtype !== 'string')
    return refuse(call, `weight_axis must be a number or null and weight_dtype a dtype's name`);
  const weightGrid: WeightGrid = {
    scale: paramOf(call.target, 'weight_scale'),
    zeroPoint: paramOf(call.target, 'weight_zero_point'),
    axis,
    dtype,
  };
  switch (meaning.op) {
    case 'linear':
      return { ...meaning, attrs: { ...meaning.attrs, weightGrid } };
    case 'conv':
      return { ...meaning, attrs: { ...meaning.attrs, weightGrid } };
    case 'conv_transpose':
      return { ...meaning, attrs: { ...meaning.attrs, weightGrid } };
    default:
      return meaning satisfies never;
  }
}

/** The one number of a constant operand: scales and zero points of lowered calls are `get_attr` nodes. */
function numberOf(args: CallArguments, name: string, model: Model, index: GraphIndex): number {
  const value = args.value(name);
  if (typeof value === 'number') return value;
  const source = isNodeRef(value) ? index.find(value.node) : undefined;
  const tensor = source?.op === 'get_attr' ? model.params[source.target] : undefined;
  const [number] = tensor && sizeOf(tensor.shape) === 1 ? tensor.data : [];
  return number !== undefined
    ? number
    : args.fail(`needs one number from a get_attr node for '${name}', got ${JSON.stringify(value)}`);
}

const gridOf = (
  args: CallArguments,
  [scale, zeroPoint]: readonly [string, string],
  model: Model,
  index: GraphIndex,
): OutputGrid => ({
  scale: numberOf(args, scale, model, index),
  zeroPoint: numberOf(args, zeroPoint, model, index),
});

/**
 * `quantized.linear(x, packed, scale, zero_point)`: the packed object is a module that a `get_attr` node names. PyTorch
 * leaves a bias that `F.linear` has by keyword in the call (and its kernel then refuses to run).
 */
const packedLayer =
  (rule: (call: ModuleCall) => OpCall<'linear' | 'conv'>): CallRule =>
  (node, model, index) => {
    const args = new CallArguments(node, ['input', 'packed_weight', 'scale', 'zero_point', 'bias']);
    const value = args.value('packed_weight');
    const source = isNodeRef(value) ? index.find(value.node) : undefined;
    const target = source?.op === 'get_attr' ? moduleName(source.target) : null;
    const spec = target === null ? undefined : model.modules[target];
    if (target === null || !spec)
      return args.fail(`needs a packed weight from a get_attr node, got ${JSON.stringify(value)}`);
    const call = rule({ target, spec, operands: [args.operand('input')] });
    const quantized = gridOf(args, ['scale', 'zero_point'], model, index);
    const own = { functional: true, bias: args.constant('bias', model, index) ?? call.attrs.bias };
    return call.op === 'linear'
      ? { ...call, attrs: { ...call.attrs, ...own }, quantized }
      : { ...call, attrs: { ...call.attrs, ...own }, quantized };
  };

/** `quantized.add(x, y, scale, zero_point)`. With a number, `quantized.add(x, 1)`, it names no grid. */
const binary =
  (op: 'add' | 'mul' | 'matmul', relu: boolean): CallRule =>
  (node, model, index) => {
    const args = new CallArguments(node, ['input', 'other', 'scale', 'zero_point']);
    const operands = [args.operand('input'), args.operand('other')];
    const quantized =
      node.args.length > 2 ? { quantized: gridOf(args, ['scale', 'zero_point'], model, index) } : {};
    const attrs: OpAttrs['add'] = relu ? { relu } : {};
    return { op, operands, attrs, ...quantized };
  };

/** A float function's rule for the quantized one, which takes its output's scale and zero point too. */
const withOutputGrid =
  (rule: CallRule): CallRule =>
  (node, model, index) => {
    const { output_scale = null, output_zero_point = null, ...kwargs } = node.kwargs;
    const names = ['output_scale', 'output_zero_point'] as const;
    const own = { ...node, args: [], kwargs: { output_scale, output_zero_point } };
    const quantized = gridOf(new CallArguments(own, names), names, model, index);
    return { ...rule({ ...node, kwargs }, model, index), quantized };
  };

const DIMENSIONS: readonly Dims[] = [1, 2, 3];

/** The rules of `torch.ops.quantized`; `float` holds those of the functions that they round. */
export function quantizedFunctions(float: Rules<CallRule>): Rules<CallRule> {
  const layers = [false, true].flatMap((relu): [string, CallRule][] => {
    const suffix = relu ? '_relu' : '';
    return [
      [`${G}.linear${suffix}`, packedLayer(linearModule(relu))],
      ...DIMENSIONS.map((dims): [string, CallRule] => [
        `${G}.conv${dims}d${suffix}`,
        packedLayer(convModule(dims, relu)),
      ]),
      [`${G}.add${suffix}`, binary('add', relu)],
      [`${G}.mul${suffix}`, binary('mul', relu)],
    ];
  });
  const others = ['elu', 'hardswish', 'leaky_relu', 'layer_norm', 'dropout'].flatMap(
    (name): [string, CallRule][] => {
      const rule = float[`torch.nn.functional.${name}`];
      return rule ? [[`${G}.${name}`, withOutputGrid(rule)]] : [];
    },
  );
  return Object.fromEntries([...layers, [`${G}.matmul`, binary('matmul', false)], ...others]);
}

/** Whether a call computes with quantized values or weights. */
export const isQuantizedCall = (call: OpCall): boolean =>
  call.quantized !== undefined || 'weightGrid' in call.attrs;
