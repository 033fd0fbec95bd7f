import { GraphError } from './errors';
import { paramOf } from './ids';
import type { Model } from './model';
import { flagAttr, integersAttr, type ModuleCall, numberAttr, refuse, tensorAttr } from './moduleAttributes';
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
import type { OpAttrs, OpCall } from './op';

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
  <
    O extends
      | 'relu'
      | 'relu6'
      | 'silu'
      | 'sigmoid'
      | 'tanh'
      | 'identity'
      | 'dropout'
      | 'observer'
      | 'equalization_observer',
  >(
    op: O,
  ) =>
  (call: ModuleCall): OpCall =>
    ({ op, operands: call.operands, attrs: {} as OpAttrs[O] }) as OpCall;

const gelu = (call: ModuleCall): OpCall => {
  const approximate = call.spec.attrs.approximate ?? 'none';
  if (approximate !== 'none' && approximate !== 'tanh')
    return refuse(call, `approximate must be 'none' or 'tanh', got ${JSON.stringify(approximate)}`);
  return { op: 'gelu', operands: call.operands, attrs: { approximate } };
};

const layerNorm = (call: ModuleCall): OpCall => {
  const affine = flagAttr(call, 'elementwise_affine', true);
  return {
    op: 'layer_norm',
    operands: call.operands,
    attrs: {
      weight: tensorAttr(call, 'weight', affine),
      bias: tensorAttr(call, 'bias', affine && flagAttr(call, 'bias', true)),
      normalizedShape: integersAttr(call, 'normalized_shape'),
      eps: numberAttr(call, 'eps', 1e-5),
    },
  };
};

const embedding = (call: ModuleCall): OpCall => {
  if ((call.spec.attrs.max_norm ?? null) !== null)
    return refuse(call, 'max_norm, which rescales rows at run time, is not supported');
  const attrs = {
    weight: paramOf(call.target, 'weight'),
    count: numberAttr(call, 'num_embeddings'),
    width: numberAttr(call, 'embedding_dim'),
  };
  return { op: 'embedding', operands: call.operands, attrs };
};

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
  'torch.nn.ReLU6': plain('relu6'),
  'torch.nn.SiLU': plain('silu'),
  'torch.nn.GELU': gelu,
  'torch.nn.PReLU': (call) => ({
    op: 'prelu',
    operands: call.operands,
    attrs: { weight: paramOf(call.target, 'weight') },
  }),
  'torch.nn.ELU': (call) => ({
    op: 'elu',
    operands: call.operands,
    attrs: { alpha: numberAttr(call, 'alpha', 1) },
  }),
  'torch.nn.Hardtanh': (call) => ({
    op: 'hardtanh',
    operands: call.operands,
    attrs: { min: numberAttr(call, 'min_val', -1), max: numberAttr(call, 'max_val', 1) },
  }),
  'torch.nn.LayerNorm': layerNorm,
  'torch.nn.Embedding': embedding,
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
