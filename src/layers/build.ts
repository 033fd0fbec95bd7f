import { GraphError } from '../graph/errors';
import { freeName } from '../graph/graph';
import { moduleName, nodeName, paramName, paramOf } from '../graph/ids';
import type { Attribute, Model, ModuleSpec } from '../graph/model';
import { batchNormType, convType, type Dims, LINEAR } from '../graph/moduleTypes';
import { type Argument, type Node, type NodeRef, ref } from '../graph/node';
import type { Tensor } from '../graph/tensor';
import { checkPlan, groupsOf } from './check';
import type { Activation, FoundLayer, LayersPlan, PlannedLayer } from './plan';

/** What the assistant needs of a file: its name, and tensors by their names in the state dict. */
export interface BuildSource {
  readonly name: string;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly tied: readonly (readonly string[])[];
}

const F = 'torch.nn.functional';
const FUNCTIONS: { readonly [A in Activation]: readonly [string, ...Argument[]] | null } = {
  none: null,
  relu: [`${F}.relu`],
  gelu: [`${F}.gelu`],
  silu: [`${F}.silu`],
  tanh: ['torch.tanh'],
  sigmoid: ['torch.sigmoid'],
  leaky_relu: [`${F}.leaky_relu`],
  elu: [`${F}.elu`],
  relu6: [`${F}.relu6`],
  softmax: ['torch.softmax', -1],
};

const isDims = (value: number): value is Dims => value === 1 || value === 2 || value === 3;

function dimsOf(value: number, module: string): Dims {
  if (isDims(value)) return value;
  throw new GraphError(`Layer '${module}' stands on ${value} dimensions; 1 to 3 are possible.`);
}

/** The module that a layer is, on samples of a shape. Constructor attributes as PyTorch 1.13 has them. */
function moduleOf(layer: FoundLayer, planned: PlannedLayer, shape: readonly number[]): ModuleSpec {
  const { reads, gives, hasBias: bias, module } = layer;
  switch (layer.kind) {
    case 'linear':
      return { type: LINEAR, attrs: { in_features: reads, out_features: gives, bias } };
    case 'embedding':
      return { type: 'torch.nn.Embedding', attrs: { num_embeddings: reads, embedding_dim: gives } };
    case 'batch_norm': {
      const attrs = {
        num_features: reads,
        eps: 1e-5,
        momentum: 0.1,
        affine: true,
        track_running_stats: true,
      };
      return { type: batchNormType(dimsOf(Math.max(1, shape.length - 1), module)), attrs };
    }
    case 'layer_norm':
      return {
        type: 'torch.nn.LayerNorm',
        attrs: { normalized_shape: [reads], eps: 1e-5, elementwise_affine: true },
      };
    case 'prelu':
      return { type: 'torch.nn.PReLU', attrs: { num_parameters: reads } };
    case 'conv':
      return convModule(layer, planned, shape[0] ?? reads);
    default:
      return layer satisfies never;
  }
}

function convModule(
  layer: FoundLayer & { kind: 'conv' },
  { stride, padding }: PlannedLayer,
  channels: number,
): ModuleSpec {
  const { kernel } = layer;
  const all = (value: number): Attribute => kernel.map(() => value);
  const attrs = {
    in_channels: channels,
    out_channels: layer.gives,
    kernel_size: kernel,
    stride: all(stride),
    padding: all(padding),
    dilation: all(1),
    groups: groupsOf(layer, channels) ?? 1,
    bias: layer.hasBias,
    padding_mode: 'zeros',
  };
  return { type: convType(dimsOf(kernel.length, layer.module)), attrs };
}

/** The nodes of a chain, each reading the one before. */
class Chain {
  readonly nodes: Node[] = [];
  private last: NodeRef;
  private readonly names = new Set<string>();

  constructor() {
    const x = nodeName('x');
    this.nodes.push({ name: x, op: 'placeholder', target: 'x', args: [], kwargs: {} });
    this.names.add(x).add('output');
    this.last = ref(x);
  }

  private name(base: string) {
    const name = nodeName(freeName(base, (taken) => this.names.has(taken)));
    this.names.add(name);
    return name;
  }
  call(target: string, ...args: readonly Argument[]): void {
    const name = this.name(target.slice(target.lastIndexOf('.') + 1));
    this.nodes.push({ name, op: 'call_function', target, args: [this.last, ...args], kwargs: {} });
    this.last = ref(name);
  }
  module(path: string): void {
    const name = this.name(path);
    this.nodes.push({ name, op: 'call_module', target: moduleName(path), args: [this.last], kwargs: {} });
    this.last = ref(name);
  }
  finish(): readonly Node[] {
    const output = {
      name: nodeName('output'),
      op: 'output',
      target: 'output',
      args: [this.last],
      kwargs: {},
    } as const;
    return [...this.nodes, output];
  }
}

function addPooling(chain: Chain, { pooling, poolSize }: PlannedLayer, dims: number): void {
  if (pooling === 'max' || pooling === 'avg') chain.call(`${F}.${pooling}_pool${dims}d`, poolSize);
  else if (pooling === 'global') chain.call(`${F}.adaptive_avg_pool${dims}d`, 1);
}

/** A layer's tensors. PyTorch wants the count of batches that a BatchNorm has seen; files of old versions lack it. */
function tensorsOf(
  layer: FoundLayer,
  all: Readonly<Record<string, Tensor>>,
): readonly (readonly [string, Tensor])[] {
  const names = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];
  return names.flatMap((name) => {
    const key = paramOf(moduleName(layer.module), name);
    const tensor = Object.hasOwn(all, key) ? all[key] : undefined;
    if (tensor) return [[key, tensor] as const];
    const counts = layer.kind === 'batch_norm' && name === 'num_batches_tracked';
    return counts ? [[key, { dtype: 'int32', shape: [], data: new Int32Array(1) }] as const] : [];
  });
}

/**
 * The model of a plan: modules under the state dict's own names, functions between them. Throws a GraphError with the
 * sentence of `checkPlan` when something does not fit.
 */
export function buildModel(plan: LayersPlan, found: readonly FoundLayer[], source: BuildSource): Model {
  const { fits, problem } = checkPlan(plan, found);
  if (problem !== null) throw new GraphError(`The layers do not make a model: ${problem}`);
  const byModule = new Map(found.map((layer) => [layer.module, layer]));
  const chain = new Chain();
  const modules: Record<string, ModuleSpec> = {};
  const params: Record<string, Tensor> = {};
  let shape = plan.input;
  plan.layers.forEach((planned, at) => {
    const [layer, fit] = [byModule.get(planned.module), fits[at]];
    if (!planned.included || !layer || !fit?.shape) return;
    if (fit.flattens) chain.call('torch.flatten', 1);
    modules[layer.module] = moduleOf(layer, planned, shape);
    for (const [name, tensor] of tensorsOf(layer, source.tensors)) params[name] = tensor;
    chain.module(layer.module);
    const activation = FUNCTIONS[planned.activation];
    if (activation) chain.call(...activation);
    addPooling(chain, planned, fit.shape.length - 1);
    shape = fit.shape;
  });
  const isHere = (names: readonly string[]) => names.every((name) => Object.hasOwn(params, name));
  return {
    name: source.name,
    graph: { nodes: chain.finish() },
    modules,
    params,
    tied: source.tied.filter(isHere).map((names) => names.map(paramName)),
    inputShapes: { [nodeName('x')]: ['n', ...plan.input] },
  };
}
