import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName, ParamName } from '../graph/ids';
import type { Node } from '../graph/node';
import type { OpName } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import type { ObservedModel } from '../quant/observer';
import { activationOf, type LayerNode, linearNodes, paramUseCounts } from '../quant/weightUse';
import type { MulReason } from './decision';

/** A layer to equalize and the equalization observer that it reads. */
export interface Consumer {
  readonly layer: LayerNode;
  readonly observerNode: NodeName;
  readonly observer: ModuleName;
  /** The value behind the observers: what a mul would multiply. */
  readonly tensor: NodeName;
}

/** Consumers that must share one scale, and where the scale goes. */
export type Region = { readonly consumers: readonly Consumer[] } & (
  | {
      readonly placement: 'fold';
      readonly producer: LayerNode;
      /** Observer nodes between the producer and the consumers: their ranges are scaled too. */
      readonly observers: readonly NodeName[];
    }
  | { readonly placement: 'mul'; readonly tensor: NodeName; readonly reason: MulReason }
);

/** Ops that a positive factor per channel of the last axis passes unchanged: `op(s · x) = s · op(x)`. */
const SCALE_PASSES: { readonly [O in OpName]: boolean } = {
  relu: true,
  leaky_relu: true,
  identity: true,
  dropout: true,
  observer: true,
  equalization_observer: true,
  placeholder: false,
  output: false,
  get_attr: false,
  linear: false,
  sigmoid: false,
  tanh: false,
  softmax: false,
  flatten: false,
  reshape: false,
  transpose: false,
  add: false,
  sub: false,
  mul: false,
  div: false,
  matmul: false,
  conv: false,
  batch_norm: false,
  max_pool: false,
  avg_pool: false,
  adaptive_avg_pool: false,
  // One slope for all would pass a scale; one per channel stands on axis 1, not on the last.
  prelu: false,
  relu6: false,
  elu: false,
  silu: false,
  gelu: false,
  hardtanh: false,
  permute: false,
  cat: false,
  mean: false,
  squeeze: false,
  unsqueeze: false,
  getitem: false,
  layer_norm: false,
  embedding: false,
  to: false,
  quantize_per_tensor: false,
  dequantize: false,
  quantized_linear: false,
};

/**
 * The regions of a prepared model. Layers whose inputs come from one producer through ops that a scale passes form
 * one region when every reader of that producer is in it: then the producer's rows take the scale (fold).
 * Otherwise each tensor with its layers is a region of its own and gets a mul in front of them.
 */
export function findRegions(model: ObservedModel): readonly Region[] {
  const search = new RegionSearch(model);
  const byRoot = groupBy(search.consumers(), (consumer) => search.rootOf(consumer.tensor));
  return [...byRoot].flatMap(([root, consumers]) => search.place(root, consumers));
}

function groupBy(
  consumers: readonly Consumer[],
  key: (consumer: Consumer) => NodeName,
): Map<NodeName, Consumer[]> {
  const groups = new Map<NodeName, Consumer[]>();
  for (const consumer of consumers) {
    const group = groups.get(key(consumer));
    if (group) group.push(consumer);
    else groups.set(key(consumer), [consumer]);
  }
  return groups;
}

class RegionSearch {
  private readonly index: GraphIndex;
  private readonly uses: ReadonlyMap<ParamName, number>;

  constructor(private readonly model: ObservedModel) {
    this.index = new GraphIndex(model.graph);
    this.uses = paramUseCounts(model, this.index);
  }

  consumers(): readonly Consumer[] {
    return linearNodes(this.model, this.index).flatMap((layer) => {
      const input = activationOf(layer);
      const source = input === null ? undefined : this.index.get(input);
      if (source?.op !== 'call_module' || !this.model.equalizationObservers[source.target]) return [];
      const tensor = this.behindObservers(source);
      return [{ layer, observerNode: source.name, observer: source.target, tensor }];
    });
  }

  /** The first op upstream that a scale cannot pass. */
  rootOf(name: NodeName): NodeName {
    for (let root = name; ; ) {
      const call = resolveNode(this.model, this.index, this.index.get(root));
      const [operand] = call?.operands ?? [];
      if (!call || !SCALE_PASSES[call.op] || operand?.kind !== 'node') return root;
      root = operand.node;
    }
  }

  place(root: NodeName, consumers: readonly Consumer[]): readonly Region[] {
    const producer = linearNodes({ ...this.model, graph: { nodes: [this.index.get(root)] } }, this.index)[0];
    const reason = this.foldObstacle(root, producer, consumers);
    if (producer && !reason)
      return [{ placement: 'fold', consumers, producer, observers: this.observersAfter(root) }];
    const byTensor = groupBy(consumers, (consumer) => consumer.tensor);
    return [...byTensor].map(([tensor, readers]) => ({
      placement: 'mul',
      consumers: readers,
      tensor,
      reason: reason ?? { kind: 'input', source: root },
    }));
  }

  private behindObservers(node: Node): NodeName {
    const call = resolveNode(this.model, this.index, node);
    const [operand] = call?.operands ?? [];
    const isObserver = call?.op === 'observer' || call?.op === 'equalization_observer';
    return isObserver && operand?.kind === 'node'
      ? this.behindObservers(this.index.get(operand.node))
      : node.name;
  }

  private foldObstacle(
    root: NodeName,
    producer: LayerNode | undefined,
    consumers: readonly Consumer[],
  ): MulReason | null {
    const node = this.index.get(root);
    if (node.op === 'placeholder') return { kind: 'input', source: root };
    if (!producer)
      return {
        kind: 'not-linear',
        source: root,
        op: resolveNode(this.model, this.index, node)?.op ?? node.target,
      };
    const { weight, bias } = producer.call.attrs;
    const calls = Math.max(this.uses.get(weight) ?? 0, bias ? (this.uses.get(bias) ?? 0) : 0);
    if (calls > 1) return { kind: 'producer-shared', source: root, calls };
    const members = new Set(consumers.map((consumer) => consumer.layer.node.name));
    const reader = this.foreignReader(root, members);
    return reader ? { kind: 'other-reader', source: root, reader } : null;
  }

  /** A reader of the value that is neither an op a scale passes nor a layer of the region. */
  private foreignReader(name: NodeName, members: ReadonlySet<NodeName>): NodeName | null {
    for (const { node, passes } of this.readersBehind(name)) if (!passes && !members.has(node)) return node;
    return null;
  }

  private observersAfter(name: NodeName): readonly NodeName[] {
    return [...this.readersBehind(name)].flatMap(({ node, op }) => (op === 'observer' ? [node] : []));
  }

  /** Everything that reads the value, straight or through ops that a scale passes. */
  private *readersBehind(name: NodeName): Generator<{ node: NodeName; op: OpName | null; passes: boolean }> {
    const open = [name];
    const seen = new Set(open);
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      for (const user of this.index.users(value)) {
        if (seen.has(user.name)) continue;
        seen.add(user.name);
        const op = resolveNode(this.model, this.index, user)?.op ?? null;
        const passes = op !== null && SCALE_PASSES[op];
        yield { node: user.name, op, passes };
        if (passes) open.push(user.name);
      }
    }
  }
}
