import type { Model } from '../../graph/model';
import { shortType } from '../../graph/moduleTypes';
import type { Node } from '../../graph/node';
import type { OpName } from '../../graph/op';

/*
 * What PyTorch's numeric suite knows (torch/ao/ns/fx/mappings.py, `get_base_name_to_sets_of_related_ops`,
 * `get_unmatchable_types_map`). It goes by spelling: the method `relu` is known, the method `add` is not.
 */

/** How a node spells its op: a module's type, a function's name, a method's name with a dot. */
export function spellingOf(model: Model, node: Node): string {
  if (node.op === 'call_method') return `.${node.target}`;
  if (node.op !== 'call_module') return node.target;
  const type = model.modules[node.target]?.type ?? '';
  // A reference module is a subclass of the float one.
  return type.includes('reference') ? `torch.nn.${shortType(type)}` : type;
}

const DIMENSIONS = [1, 2, 3];
const F = 'torch.nn.functional';
const eachDimension = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => DIMENSIONS.map((dims) => name.replace('#', String(dims))));

/** Spellings of the float ops that are compared; whatever else is the same in both models is passed over. */
const KNOWN: { readonly [O in OpName]?: readonly string[] } = {
  linear: ['torch.nn.Linear', 'torch.nn.intrinsic.LinearReLU', `${F}.linear`, 'torch._C._nn.linear'],
  conv: eachDimension('torch.nn.Conv#d', 'torch.nn.intrinsic.ConvReLU#d', `${F}.conv#d`, 'torch.conv#d'),
  batch_norm: [2, 3].flatMap((d) => [`torch.nn.BatchNorm${d}d`, `torch.nn.intrinsic.BNReLU${d}d`]),
  avg_pool: eachDimension(
    'torch.nn.AvgPool#d',
    `${F}.avg_pool#d`,
    'torch._C._nn.avg_pool#d',
    'torch.avg_pool#d',
  ),
  adaptive_avg_pool: eachDimension('torch.nn.AdaptiveAvgPool#d', `${F}.adaptive_avg_pool#d`),
  max_pool: eachDimension('torch.nn.MaxPool#d', `${F}.max_pool#d`),
  add: ['torch.add', 'operator.add'],
  mul: ['operator.mul'],
  cat: ['torch.cat'],
  matmul: ['torch.matmul'],
  relu: ['torch.nn.ReLU', `${F}.relu`, 'torch.relu', '.relu', '.relu_'],
  relu6: ['torch.nn.ReLU6', `${F}.relu6`],
  leaky_relu: ['torch.nn.LeakyReLU', `${F}.leaky_relu`],
  prelu: ['torch.nn.PReLU', `${F}.prelu`, 'torch.prelu'],
  elu: ['torch.nn.ELU', `${F}.elu`],
  silu: ['torch.nn.SiLU', `${F}.silu`],
  hardtanh: ['torch.nn.Hardtanh', `${F}.hardtanh`, 'torch.clamp'],
  sigmoid: ['torch.nn.Sigmoid', `${F}.sigmoid`, 'torch.sigmoid', '.sigmoid', '.sigmoid_'],
  tanh: ['torch.nn.Tanh', `${F}.tanh`, 'torch.tanh', '.tanh', '.tanh_'],
  softmax: ['torch.nn.Softmax'],
  unary: [`${F}.hardswish`, `${F}.hardsigmoid`],
  layer_norm: ['torch.nn.LayerNorm', `${F}.layer_norm`],
  embedding: ['torch.nn.Embedding'],
  dropout: ['torch.nn.Dropout', `${F}.dropout`],
  flatten: ['torch.flatten'],
  transpose: ['torch.transpose'],
  mean: ['torch.mean'],
  squeeze: ['torch.squeeze'],
  unsqueeze: ['torch.unsqueeze'],
};

export const isKnown = (op: OpName, spelling: string): boolean => KNOWN[op]?.includes(spelling) ?? false;

const UNMATCHABLE_METHODS =
  'chunk clamp contiguous dequantize detach detach_ mean numel permute repeat repeat_interleave reshape resize_ shape size squeeze squeeze_ to transpose unsqueeze unsqueeze_ view';

/**
 * What is no op of its own in a comparison. `torch.mul` is `get_layer_sqnr_dict`'s addition: an equalized model has
 * muls that the float model lacks. `operator.mul` stays.
 */
const UNMATCHABLE: ReadonlySet<string> = new Set([
  'operator.getitem',
  'torch.quantize_per_tensor',
  'torch.mul',
  'torch.nn.Identity',
  ...UNMATCHABLE_METHODS.split(' ').map((method) => `.${method}`),
]);

export const isMatchable = (node: Node, spelling: string): boolean =>
  node.op.startsWith('call_') && !UNMATCHABLE.has(spelling);

const RELUS = ['torch.nn.ReLU', `${F}.relu`];
const isOneOf =
  (...spellings: readonly string[]) =>
  (spelling: string): boolean =>
    spellings.includes(spelling);
const relu = isOneOf(...RELUS);

/**
 * Ops that count as one, from the last to the first, longer ones first (torch/ao/ns/fx/pattern_utils.py,
 * `get_reversed_fusions`).
 */
export const FUSIONS: readonly (readonly ((spelling: string) => boolean)[])[] = [
  ...DIMENSIONS.map((d) => [relu, isOneOf(`torch.nn.BatchNorm${d}d`), isOneOf(`torch.nn.Conv${d}d`)]),
  [relu, isOneOf(...eachDimension('torch.nn.Conv#d', `${F}.conv#d`, 'torch.conv#d'))],
  ...DIMENSIONS.map((d) => [isOneOf(`torch.nn.BatchNorm${d}d`), isOneOf(`torch.nn.Conv${d}d`)]),
  [relu, isOneOf('torch.nn.Linear', `${F}.linear`, 'torch._C._nn.linear')],
  [isOneOf('torch.nn.BatchNorm1d'), isOneOf('torch.nn.Linear')],
  [isOneOf(...RELUS, 'torch.relu'), isOneOf('operator.add', 'torch.add', 'operator.mul', 'torch.mul')],
  [relu, isOneOf('torch.nn.BatchNorm2d', 'torch.nn.BatchNorm3d')],
];
