import { GraphIndex } from '../../graph/graph';
import type { NodeName, ParamName } from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import type { Node } from '../../graph/node';
import type { OpCall } from '../../graph/op';
import { opTitle, resolveNode } from '../../graph/resolve';
import { readersThroughTuples } from '../../graph/resolve/resolveTuple';
import type { Shape } from '../../graph/shape';
import { channelAxis, inputChannels } from '../../quant/layerAxes';
import { activationOf, type LayerNode, tiedUseCounts } from '../../quant/weightUse';
import { type ChannelLink, extent, type ScaledParam } from './channelOrigin';
import { ChannelSpace, type Site } from './channelSpace';
import { OriginSearch } from './originSearch';

/** Why the factor of a channel must be 1. */
export type PinReason =
  /** The value is an input of the model, or a constant. */
  | { readonly kind: 'input'; readonly source: NodeName }
  /** A factor does not pass the op that makes the value. */
  | { readonly kind: 'op'; readonly source: NodeName; readonly op: string }
  /** Something reads the value that can neither pass the factor on nor undo it. */
  | { readonly kind: 'reader'; readonly source: NodeName; readonly reader: NodeName }
  /** The tensor that would take the factor is used more than once. */
  | { readonly kind: 'shared'; readonly source: NodeName; readonly calls: number }
  /** How many channels there are, or how they map, is not known. */
  | { readonly kind: 'unknown-shape'; readonly source: NodeName };

/** A tensor that takes the factors of a site, where node `node` uses it. */
export interface Taker extends ScaledParam {
  readonly node: NodeName;
  readonly site: Site;
}

/** A layer whose columns undo the factors of its input's channels. */
export interface Undoer {
  readonly layer: LayerNode;
  readonly site: Site;
}

/** All that is tied together by the factors of the layers' inputs. */
export interface ChannelFlow {
  readonly space: ChannelSpace<PinReason>;
  readonly undoers: readonly Undoer[];
  readonly takers: readonly Taker[];
}

/**
 * Follows a positive factor per channel from the inputs of `layers` through the whole graph, up and down: which
 * channels must carry the same factor, which tensors take it, which layers undo it, and which channels must keep
 * 1. A channel is free only when everything that makes or reads it agrees. Layers not given never undo a factor.
 */
export function channelFlow(model: Model, layers: readonly LayerNode[]): ChannelFlow {
  const exploration = new Exploration(model, layers);
  return exploration.run();
}

class Exploration {
  private readonly index: GraphIndex;
  private readonly shapes: ReadonlyMap<NodeName, Shape>;
  private readonly origins: OriginSearch;
  private readonly uses: ReadonlyMap<ParamName, number>;
  private readonly layers: ReadonlyMap<NodeName, LayerNode>;
  private readonly space = new ChannelSpace<PinReason>();
  private readonly open: Site[] = [];
  private readonly undoers: Undoer[] = [];
  private readonly takers: Taker[] = [];
  private readonly readers: { readonly site: Site; readonly reader: NodeName }[] = [];

  constructor(
    private readonly model: Model,
    layers: readonly LayerNode[],
  ) {
    this.index = new GraphIndex(model.graph);
    this.shapes = inferShapes(model);
    this.origins = new OriginSearch(model, this.index, this.shapes);
    this.uses = tiedUseCounts(model, this.index);
    this.layers = new Map(layers.map((layer) => [layer.node.name, layer]));
  }

  run(): ChannelFlow {
    for (const layer of this.layers.values()) {
      const value = activationOf(layer);
      // The layer knows how many channels it reads, where nothing else is known of the value.
      if (value !== null) this.siteOf(value, channelAxis(layer.call), inputChannels(layer.call));
    }
    for (let site = this.open.pop(); site !== undefined; site = this.open.pop()) this.visit(site);
    // What makes a value says more than who else reads it: it is the first reason.
    for (const { site, reader } of this.readers)
      this.space.pin(site, { kind: 'reader', source: site.value, reader });
    const position = ({ node }: Taker) => this.index.position(node);
    const takers = this.takers.toSorted((a, b) => position(a) - position(b));
    return { space: this.space, undoers: this.undoers, takers };
  }

  /** The site of a value's axis, to be visited if it is new; null where its channels are not known. */
  private siteOf(value: NodeName, axis: number, expected: number | null = null): Site | null {
    const channels = extent(this.shapes.get(value), axis) ?? expected;
    if (channels === null) return null;
    const { site, isNew } = this.space.site(value, axis, channels);
    if (isNew) this.open.push(site);
    return site;
  }

  private visit(site: Site): void {
    this.followUp(site);
    for (const user of readersThroughTuples(this.index, site.value)) {
      if (this.isUndone(site, user) || this.readsSizeOnly(site, user)) continue;
      if (!this.followDown(site, user)) this.readers.push({ site, reader: user.name });
    }
  }

  private followUp(site: Site): void {
    const node = this.index.get(site.value);
    const call = resolveNode(this.model, this.index, node);
    if (!call || call.op === 'placeholder' || call.op === 'get_attr') {
      const source = site.value;
      this.space.pin(
        site,
        call ? { kind: 'input', source } : { kind: 'op', source, op: opTitle(this.model, node) },
      );
      return;
    }
    const origin = this.origins.of(site.value, site.axis);
    if (origin.kind === 'barrier') {
      const known = extent(this.shapes.get(node.name), site.axis) !== null;
      const source = site.value;
      this.space.pin(site, known ? { kind: 'op', source, op: call.op } : { kind: 'unknown-shape', source });
      return;
    }
    this.addTakers(site, node, origin.params);
    if (origin.kind === 'links') for (const link of origin.links) this.tie(site, call, link);
  }

  private addTakers(site: Site, node: Node, params: readonly ScaledParam[]): void {
    for (const scaled of params) {
      const calls = this.uses.get(scaled.param) ?? 0;
      if (calls > 1) this.space.pin(site, { kind: 'shared', source: node.name, calls });
      this.takers.push({ ...scaled, node: node.name, site });
    }
  }

  private tie(site: Site, { operands }: OpCall, { position, axis, pairs }: ChannelLink): void {
    const operand = operands[position];
    const source = operand?.kind === 'node' ? this.siteOf(operand.node, axis) : null;
    if (!source) {
      this.space.pin(site, { kind: 'unknown-shape', source: site.value });
      return;
    }
    const { operand: from, output: to } = pairs();
    for (let i = 0; i < to.length; i++)
      this.space.unify(source.first + (from[i] ?? 0), site.first + (to[i] ?? 0));
  }

  /** `x.size(0)` and `y.view_as(x)` are the same whatever factors x carries. */
  private readsSizeOnly({ value }: Site, user: Node): boolean {
    const call = resolveNode(this.model, this.index, user);
    const reads = call?.operands.filter((o) => o.kind !== 'number' && o.node === value) ?? [];
    return call?.op === 'size' || (reads.length > 0 && reads.every((o) => o.kind === 'shape'));
  }

  /** A layer to equalize divides its columns by the factors of what it reads. */
  private isUndone(site: Site, user: Node): boolean {
    const layer = this.layers.get(user.name);
    if (!layer || activationOf(layer) !== site.value || channelAxis(layer.call) !== site.axis) return false;
    this.undoers.push({ layer, site });
    return true;
  }

  /** Looks for an axis of the user's output that gets the factors; every place where the user reads them must count. */
  private followDown(site: Site, user: Node): boolean {
    const call = resolveNode(this.model, this.index, user);
    const rank = this.shapes.get(user.name)?.length ?? 0;
    if (!call || call.op === 'output') return false;
    const places = call.operands.flatMap((o, i) => (o.kind === 'node' && o.node === site.value ? [i] : []));
    for (let axis = -1; axis >= -rank; axis--) {
      const origin = this.origins.of(user.name, axis);
      const linked = origin.kind === 'links' ? origin.links : [];
      const all = places.every((place) => linked.some((l) => l.position === place && l.axis === site.axis));
      if (all && places.length > 0) return this.siteOf(user.name, axis) !== null;
    }
    return false;
  }
}
