import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName, ParamName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import type { Node } from '../graph/node';
import type { OpName } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import type { Shape } from '../graph/shape';
import { channelAxis } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { activationOf, type LayerNode, layerNodes, paramUseCounts } from '../quant/weightUse';
import type { MulReason } from './decision';
import { axisBefore, axisBehind, type ScalePassage, scalePassage } from './scalePassage';

/** A layer to equalize and the equalization observer that it reads. */
export interface Consumer {
  readonly layer: LayerNode;
  readonly observerNode: NodeName;
  readonly observer: ModuleName;
  /** The value behind the observers: what a mul would multiply, along the layer's channel axis. */
  readonly tensor: NodeName;
}

/** An observer of a scaled value, and the axis of that value's channels, counted from the end. */
export interface ScaledObserver {
  readonly node: NodeName;
  readonly module: ModuleName;
  readonly axis: number;
}

/** Consumers that must share one scale, and where the scale goes. */
export type Region = { readonly consumers: readonly Consumer[] } & (
  | {
      readonly placement: 'fold';
      readonly producer: LayerNode;
      /** Between the producer and the consumers: their ranges are scaled too. */
      readonly observers: readonly ScaledObserver[];
    }
  | { readonly placement: 'mul'; readonly tensor: NodeName; readonly reason: MulReason }
);

/**
 * The regions of a prepared model. Layers whose inputs come from one producer through ops that a scale passes, and
 * whose channels lie along one axis of its output, form one region when every reader of that producer is in it: then
 * the producer's rows take the scale (fold). Otherwise each tensor with the layers that read its channels along one
 * axis is a region of its own and gets a mul in front of them.
 */
export function findRegions(model: ObservedModel): readonly Region[] {
  const search = new RegionSearch(model);
  const sources = new Map<string, { readonly source: Source; readonly consumers: Consumer[] }>();
  for (const consumer of search.consumers()) {
    const source = search.sourceOf(consumer);
    const key = `${source.axis} ${source.node}`;
    const known = sources.get(key);
    if (known) known.consumers.push(consumer);
    else sources.set(key, { source, consumers: [consumer] });
  }
  return [...sources.values()].flatMap(({ source, consumers }) => search.place(source, consumers));
}

/** The first value upstream that a scale cannot pass, the axis along which it would have to be scaled, and why. */
interface Source {
  readonly node: NodeName;
  readonly axis: number;
  readonly passage: ScalePassage | null;
}

class RegionSearch {
  private readonly index: GraphIndex;
  private readonly uses: ReadonlyMap<ParamName, number>;
  private readonly shapes: ReadonlyMap<NodeName, Shape>;
  private readonly layers: ReadonlyMap<NodeName, LayerNode>;

  constructor(private readonly model: ObservedModel) {
    this.index = new GraphIndex(model.graph);
    this.uses = paramUseCounts(model, this.index);
    this.shapes = inferShapes(model);
    this.layers = new Map(layerNodes(model, this.index).map((layer) => [layer.node.name, layer]));
  }

  consumers(): readonly Consumer[] {
    return [...this.layers.values()].flatMap((layer) => {
      const input = activationOf(layer);
      const source = input === null ? undefined : this.index.get(input);
      if (source?.op !== 'call_module' || !this.model.equalizationObservers[source.target]) return [];
      const tensor = this.behindObservers(source);
      return [{ layer, observerNode: source.name, observer: source.target, tensor }];
    });
  }

  sourceOf({ tensor, layer }: Consumer): Source {
    let source: Source = { node: tensor, axis: channelAxis(layer.call), passage: null };
    for (;;) {
      const { passage, operand } = this.passageOf(this.index.get(source.node));
      const axis = passage && axisBefore(passage, source.axis);
      if (axis === null || operand === null) return { ...source, passage };
      source = { node: operand, axis, passage: null };
    }
  }

  place(source: Source, consumers: readonly Consumer[]): readonly Region[] {
    const producer = this.layers.get(source.node);
    const reason = this.foldObstacle(source, consumers);
    if (producer && !reason)
      return [{ placement: 'fold', consumers, producer, observers: this.observersBehind(source) }];
    const tensors = new Set(consumers.map((consumer) => consumer.tensor));
    return [...tensors].map((tensor) => ({
      placement: 'mul',
      consumers: consumers.filter((consumer) => consumer.tensor === tensor),
      tensor,
      reason: reason ?? { kind: 'input', source: source.node },
    }));
  }

  /** How the node's op treats a scale of its first operand; null for an op without one or one the studio does not know. */
  private passageOf(node: Node): {
    passage: ScalePassage | null;
    operand: NodeName | null;
    op: OpName | null;
  } {
    const call = resolveNode(this.model, this.index, node);
    const [first] = call?.operands ?? [];
    const operand = first?.kind === 'node' ? first.node : null;
    const rank = (operand === null ? null : this.shapes.get(operand))?.length ?? null;
    return { passage: call && scalePassage(call, rank), operand, op: call?.op ?? null };
  }

  private behindObservers(node: Node): NodeName {
    const { op, operand } = this.passageOf(node);
    const isObserver = op === 'observer' || op === 'equalization_observer';
    return isObserver && operand !== null ? this.behindObservers(this.index.get(operand)) : node.name;
  }

  private foldObstacle(source: Source, consumers: readonly Consumer[]): MulReason | null {
    const node = this.index.get(source.node);
    if (node.op === 'placeholder') return { kind: 'input', source: node.name };
    const producer = this.layers.get(node.name);
    if (!producer) return this.barrierReason(source, node);
    if (channelAxis(producer.call) !== source.axis) return { kind: 'other-axis', source: node.name };
    const { weight, bias } = producer.call.attrs;
    const calls = Math.max(this.uses.get(weight) ?? 0, bias ? (this.uses.get(bias) ?? 0) : 0);
    if (calls > 1) return { kind: 'producer-shared', source: node.name, calls };
    const members = new Set(consumers.map((consumer) => consumer.layer.node.name));
    const reader = this.foreignReader(source, members);
    return reader ? { kind: 'other-reader', source: node.name, reader } : null;
  }

  private barrierReason({ passage }: Source, node: Node): MulReason {
    const op = this.passageOf(node).op ?? node.target;
    const kind =
      passage?.kind === 'windows' || passage?.kind === 'unknown-rank' ? passage.kind : ('barrier' as const);
    return { kind, source: node.name, op };
  }

  /** A reader of the value that is neither an op a scale passes nor a layer of the region. */
  private foreignReader(source: Source, members: ReadonlySet<NodeName>): NodeName | null {
    for (const { node, axis } of this.readersBehind(source))
      if (axis === null && !members.has(node)) return node;
    return null;
  }

  private observersBehind(source: Source): readonly ScaledObserver[] {
    return [...this.readersBehind(source)].flatMap(({ node, op, axis }) => {
      const observer = this.index.get(node);
      const isObserver = op === 'observer' && observer.op === 'call_module' && axis !== null;
      return isObserver ? [{ node, module: observer.target, axis }] : [];
    });
  }

  /**
   * Everything that reads the value, straight or through ops that a scale passes, with the axis of the channels in
   * what it makes of them: null for an op that a scale does not pass.
   */
  private *readersBehind(
    source: Source,
  ): Generator<{ node: NodeName; op: OpName | null; axis: number | null }> {
    const open = [{ node: source.node, axis: source.axis }];
    const seen = new Set([source.node]);
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      for (const user of this.index.users(value.node)) {
        if (seen.has(user.name)) continue;
        seen.add(user.name);
        const { passage, operand, op } = this.passageOf(user);
        const axis = passage && operand === value.node ? axisBehind(passage, value.axis) : null;
        yield { node: user.name, op, axis };
        if (axis !== null) open.push({ node: user.name, axis });
      }
    }
  }
}
