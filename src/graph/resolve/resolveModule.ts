import type { PlainFunction, UnaryAttrs } from '../elementwise';
import { GraphError } from '../errors';
import { paramOf } from '../ids';
import type { Model } from '../model';
import {
  batchNormReluType,
  batchNormType,
  convReluType,
  convTransposeType,
  convType,
  type Dims,
  FIXED_QPARAMS_OBSERVER,
  HISTOGRAM_OBSERVER,
  INPUT_EQUALIZATION_OBSERVER,
  LINEAR,
  LINEAR_RELU,
  MIN_MAX_OBSERVER,
  MOVING_AVERAGE_OBSERVER,
  MOVING_AVERAGE_PER_CHANNEL_OBSERVER,
  PER_CHANNEL_MIN_MAX_OBSERVER,
  PLACEHOLDER_OBSERVER,
  WEIGHT_EQUALIZATION_OBSERVER,
} from '../moduleTypes';
import { type CallModule, isNodeRef } from '../node';
import type { OpAttrs, OpCall } from '../op';
import { type ModuleCall, numberAttr } from './moduleAttributes';
import { convModule } from './resolveConv';
import { convTransposeModule } from './resolveConvTranspose';
import { linearModule } from './resolveLinear';
import { batchNorm, embedding, gelu, groupNorm, instanceNorm, layerNorm } from './resolveNormModule';
import { padModule } from './resolvePad';
import { adaptivePoolModule, avgPoolModule, maxPoolModule } from './resolvePool';
import { quantizedModules } from './resolveQuantized';
import { upsample } from './resolveResize';

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

type ModuleRule = (call: ModuleCall) => OpCall;

const withParameters =
  (read: (call: ModuleCall) => UnaryAttrs): ModuleRule =>
  (call) => ({ op: 'unary', operands: call.operands, attrs: read(call) });

const unary = (fn: PlainFunction): ModuleRule => withParameters(() => ({ fn }));

const DIMENSIONS: readonly Dims[] = [1, 2, 3];

/** Modules that exist for one, two and three dimensions. */
const WINDOW_MODULES: Readonly<Record<string, ModuleRule>> = Object.fromEntries(
  DIMENSIONS.flatMap((dims): [string, ModuleRule][] => [
    [convType(dims), convModule(dims, false)],
    [convReluType(dims), convModule(dims, true)],
    [convTransposeType(dims), convTransposeModule(dims)],
    [batchNormType(dims), batchNorm(dims, false)],
    ...(dims === 1 ? [] : [[batchNormReluType(dims), batchNorm(dims, true)] satisfies [string, ModuleRule]]),
    [`torch.nn.MaxPool${dims}d`, maxPoolModule(dims)],
    [`torch.nn.AvgPool${dims}d`, avgPoolModule(dims)],
    [`torch.nn.ZeroPad${dims}d`, padModule(dims, 'constant', false)],
    [`torch.nn.ConstantPad${dims}d`, padModule(dims, 'constant', true)],
    [`torch.nn.ReflectionPad${dims}d`, padModule(dims, 'reflect', false)],
    [`torch.nn.ReplicationPad${dims}d`, padModule(dims, 'replicate', false)],
    [`torch.nn.CircularPad${dims}d`, padModule(dims, 'circular', false)],
    [`torch.nn.AdaptiveAvgPool${dims}d`, adaptivePoolModule('adaptive_avg_pool')(dims)],
    [`torch.nn.AdaptiveMaxPool${dims}d`, adaptivePoolModule('adaptive_max_pool')(dims)],
    [`torch.nn.InstanceNorm${dims}d`, instanceNorm],
  ]),
);

const FLOAT_MODULES: Readonly<Record<string, ModuleRule>> = {
  ...WINDOW_MODULES,
  [LINEAR]: linearModule(false),
  [LINEAR_RELU]: linearModule(true),
  [MIN_MAX_OBSERVER]: plain('observer'),
  [MOVING_AVERAGE_OBSERVER]: plain('observer'),
  [HISTOGRAM_OBSERVER]: plain('observer'),
  [PER_CHANNEL_MIN_MAX_OBSERVER]: plain('observer'),
  [MOVING_AVERAGE_PER_CHANNEL_OBSERVER]: plain('observer'),
  [PLACEHOLDER_OBSERVER]: plain('observer'),
  [FIXED_QPARAMS_OBSERVER]: plain('observer'),
  [INPUT_EQUALIZATION_OBSERVER]: plain('equalization_observer'),
  [WEIGHT_EQUALIZATION_OBSERVER]: plain('equalization_observer'),
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
  'torch.nn.Hardswish': unary('hardswish'),
  'torch.nn.Hardsigmoid': unary('hardsigmoid'),
  'torch.nn.Softsign': unary('softsign'),
  'torch.nn.SELU': unary('selu'),
  'torch.nn.Mish': unary('mish'),
  'torch.nn.LogSigmoid': unary('logsigmoid'),
  'torch.nn.Softplus': withParameters((call) => ({
    fn: 'softplus',
    beta: numberAttr(call, 'beta', 1),
    threshold: numberAttr(call, 'threshold', 20),
  })),
  'torch.nn.CELU': withParameters((call) => ({ fn: 'celu', alpha: numberAttr(call, 'alpha', 1) })),
  'torch.nn.Threshold': withParameters((call) => ({
    fn: 'threshold',
    threshold: numberAttr(call, 'threshold'),
    value: numberAttr(call, 'value'),
  })),
  'torch.nn.LogSoftmax': (call) => ({
    op: 'log_softmax',
    operands: call.operands,
    attrs: { dim: numberAttr(call, 'dim') },
  }),
  'torch.nn.Upsample': upsample(null),
  'torch.nn.UpsamplingNearest2d': upsample({ mode: 'nearest', alignCorners: false }),
  'torch.nn.UpsamplingBilinear2d': upsample({ mode: 'bilinear', alignCorners: true }),
  'torch.nn.PixelShuffle': (call) => ({
    op: 'pixel_shuffle',
    operands: call.operands,
    attrs: { factor: numberAttr(call, 'upscale_factor') },
  }),
  'torch.nn.PixelUnshuffle': (call) => ({
    op: 'pixel_unshuffle',
    operands: call.operands,
    attrs: { factor: numberAttr(call, 'downscale_factor') },
  }),
  'torch.nn.LayerNorm': layerNorm,
  'torch.nn.GroupNorm': groupNorm,
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

const MODULES: Readonly<Record<string, ModuleRule>> = {
  ...FLOAT_MODULES,
  ...quantizedModules(FLOAT_MODULES),
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
