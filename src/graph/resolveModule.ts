import { GraphError } from './errors';
import { type ModuleName, paramOf } from './ids';
import type { Attribute, Model, ModuleSpec } from './model';
import {
  FIXED_QPARAMS_OBSERVER,
  HISTOGRAM_OBSERVER,
  INPUT_EQUALIZATION_OBSERVER,
  LINEAR,
  LINEAR_RELU,
  MIN_MAX_OBSERVER,
  MOVING_AVERAGE_OBSERVER,
  PLACEHOLDER_OBSERVER,
  QUANTIZED_LINEAR,
  QUANTIZED_LINEAR_RELU,
} from './moduleTypes';
import { type CallModule, isNodeRef } from './node';
import type { OpAttrs, OpCall, Operand } from './op';

interface ModuleCall {
  readonly target: ModuleName;
  readonly spec: ModuleSpec;
  readonly operands: readonly Operand[];
}

/** Attributes as the constructor of the PyTorch class takes them; `fallback` is that constructor's default. */
function numberAttr(call: ModuleCall, key: string, fallback?: number): number {
  const given: Attribute | undefined = call.spec.attrs[key];
  const value = given === undefined ? fallback : given;
  if (typeof value !== 'number')
    throw new GraphError(
      `Module '${call.target}' (${call.spec.type}): attribute '${key}' must be a number, got ${JSON.stringify(value)}.`,
    );
  return value;
}

const linearAttrs = (call: ModuleCall) => ({
  weight: paramOf(call.target, 'weight'),
  bias: call.spec.attrs.bias === false ? null : paramOf(call.target, 'bias'),
  inFeatures: numberAttr(call, 'in_features'),
  outFeatures: numberAttr(call, 'out_features'),
});

const linear = (call: ModuleCall, relu: boolean): OpCall => ({
  op: 'linear',
  operands: call.operands,
  attrs: { ...linearAttrs(call), relu, functional: false },
});

const quantizedLinear = (call: ModuleCall, relu: boolean): OpCall => ({
  op: 'quantized_linear',
  operands: call.operands,
  attrs: {
    ...linearAttrs(call),
    relu,
    scale: numberAttr(call, 'scale'),
    zeroPoint: numberAttr(call, 'zero_point'),
  },
});

/** Ops without attributes, one row each. */
const plain =
  <O extends 'relu' | 'sigmoid' | 'tanh' | 'identity' | 'dropout' | 'observer' | 'equalization_observer'>(
    op: O,
  ) =>
  (call: ModuleCall): OpCall =>
    ({ op, operands: call.operands, attrs: {} as OpAttrs[O] }) as OpCall;

const MODULES: Readonly<Record<string, (call: ModuleCall) => OpCall>> = {
  [LINEAR]: (call) => linear(call, false),
  [LINEAR_RELU]: (call) => linear(call, true),
  [QUANTIZED_LINEAR]: (call) => quantizedLinear(call, false),
  [QUANTIZED_LINEAR_RELU]: (call) => quantizedLinear(call, true),
  [MIN_MAX_OBSERVER]: plain('observer'),
  [MOVING_AVERAGE_OBSERVER]: plain('observer'),
  [HISTOGRAM_OBSERVER]: plain('observer'),
  [PLACEHOLDER_OBSERVER]: plain('observer'),
  [FIXED_QPARAMS_OBSERVER]: plain('observer'),
  [INPUT_EQUALIZATION_OBSERVER]: plain('equalization_observer'),
  'torch.nn.ReLU': plain('relu'),
  'torch.nn.Sigmoid': plain('sigmoid'),
  'torch.nn.Tanh': plain('tanh'),
  'torch.nn.Identity': plain('identity'),
  'torch.nn.Dropout': plain('dropout'),
  'torch.nn.LeakyReLU': (call) => ({
    op: 'leaky_relu',
    operands: call.operands,
    attrs: { negativeSlope: numberAttr(call, 'negative_slope', 0.01) },
  }),
  'torch.nn.Softmax': (call) => ({
    op: 'softmax',
    operands: call.operands,
    attrs: { dim: numberAttr(call, 'dim') },
  }),
  'torch.nn.Flatten': (call) => ({
    op: 'flatten',
    operands: call.operands,
    attrs: { startDim: numberAttr(call, 'start_dim', 1), endDim: numberAttr(call, 'end_dim', -1) },
  }),
};

/** The meaning of a `call_module` node; null when the studio does not know the module's type. */
export function resolveModule(model: Model, node: CallModule): OpCall | null {
  const spec = model.modules[node.target];
  if (!spec)
    throw new GraphError(
      `Node '${node.name}' calls module '${node.target}', which the model does not have.`,
      node.name,
    );
  const rule = Object.hasOwn(MODULES, spec.type) ? MODULES[spec.type] : undefined;
  if (!rule) return null;
  const [input] = node.args;
  if (node.args.length !== 1 || !isNodeRef(input) || Object.keys(node.kwargs).length > 0)
    throw new GraphError(
      `Node '${node.name}' (${spec.type}) must have one tensor argument, got ${JSON.stringify(node.args)}.`,
      node.name,
    );
  return rule({ target: node.target, spec, operands: [{ kind: 'node', node: input.node }] });
}
