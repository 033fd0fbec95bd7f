import { batchNormReluType, batchNormType, type Dims } from '../../graph/moduleTypes';
import type { Node } from '../../graph/node';

/* Ops that run on quantized data as they are, or as a quantized op of the same kind (_lower_to_native_backend.py). */

interface NodeKinds {
  readonly functions: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly modules: ReadonlySet<string>;
}

const kinds = (
  functions: readonly string[],
  methods: readonly string[],
  modules: readonly string[],
): NodeKinds => ({ functions: new Set(functions), methods: new Set(methods), modules: new Set(modules) });

const F = 'torch.nn.functional';
const DIMENSIONS: readonly Dims[] = [1, 2, 3];
const perDimension = (name: string): readonly string[] => DIMENSIONS.map((dims) => `${name}${dims}d`);

/** `is_fixed_qparams_node`: the output's grid is known. */
const FIXED = kinds(
  [`${F}.hardsigmoid`, `${F}.sigmoid`, 'torch.sigmoid', 'torch.tanh'],
  ['hardsigmoid', 'hardsigmoid_', 'sigmoid', 'tanh'],
  ['torch.nn.Hardsigmoid', 'torch.nn.Sigmoid', 'torch.nn.Tanh', 'torch.nn.Softmax'],
);

/** `is_default_node`: the quantized op takes the scale and zero point of its output. */
const DEFAULT = kinds(
  [`${F}.elu`, `${F}.hardswish`, `${F}.instance_norm`, `${F}.layer_norm`, `${F}.leaky_relu`, `${F}.dropout`],
  [],
  [
    'torch.nn.ELU',
    'torch.nn.Hardswish',
    'torch.nn.LeakyReLU',
    'torch.nn.LayerNorm',
    ...perDimension('torch.nn.InstanceNorm'),
    'torch.nn.Dropout',
    'torch.nn.PReLU',
    batchNormType(2),
    batchNormType(3),
    batchNormReluType(2),
    batchNormReluType(3),
  ],
);

/** `is_copy_node`: the output has the input's grid. */
const COPY = kinds(
  [
    ...['torch', F].flatMap((namespace) => perDimension(`${namespace}.adaptive_avg_pool`)),
    ...['torch', F, 'torch._C._nn'].flatMap((namespace) => perDimension(`${namespace}.avg_pool`)),
    // `torch.max_pool2d` is a function of its own, which the list does not have.
    ...perDimension(`${F}.max_pool`),
    `${F}.hardtanh`,
    `${F}.interpolate`,
    `${F}.relu`,
    `${F}.relu6`,
    'torch.clamp',
    'torch.flatten',
    'torch.mean',
  ],
  ['clamp', 'mean', 'relu'],
  [
    ...['AdaptiveAvgPool', 'AvgPool', 'MaxPool'].flatMap((name) => perDimension(`torch.nn.${name}`)),
    'torch.nn.Hardtanh',
    'torch.nn.ReLU',
    'torch.nn.ReLU6',
  ],
);

/** `is_general_tensor_shape_node`. */
const SHAPE = kinds(
  ['torch.transpose', 'torch.squeeze', 'torch.stack', 'torch.unsqueeze'],
  ['contiguous', 'permute', 'repeat', 'reshape', 'squeeze', 'transpose', 'unsqueeze', 'view'],
  ['torch.nn.Identity'],
);

/** `is_other_node`. */
const OTHER = kinds(['torch.cat'], [], []);

const isOf = ({ functions, methods, modules }: NodeKinds, node: Node, type: string | null): boolean =>
  (node.op === 'call_function' && functions.has(node.target)) ||
  (node.op === 'call_method' && methods.has(node.target)) ||
  (type !== null && modules.has(type));

/** `is_special_pattern_node`; `type` is the node's module's, in the reference form. */
export const isSpecialNode = (node: Node, type: string | null): boolean =>
  [FIXED, DEFAULT, COPY, SHAPE, OTHER].some((kind) => isOf(kind, node, type));

/** A function whose quantized form takes `output_scale` and `output_zero_point`. */
export const isDefaultFunction = (node: Node): boolean =>
  node.op === 'call_function' && DEFAULT.functions.has(node.target);
