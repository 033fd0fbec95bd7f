import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { LayerNode } from '../../quant/weightUse';
import type { ScaledParam } from './channelOrigin';
import type { Site } from './channelSpace';
import { type ChannelFlow, channelFlow, type PinReason, type Taker, type Undoer } from './explore';

/** A layer of a region: `classes[c]` says which of the region's factors channel c of its input carries. */
export interface RegionLayer {
  readonly layer: LayerNode;
  /** The value it reads, through observers. */
  readonly value: NodeName;
  readonly axis: number;
  readonly classes: Int32Array;
}

/** A tensor that takes factors: entry i along its axis is multiplied by factor `classes[i]`, or stays where it is −1. */
export interface RegionParam extends ScaledParam {
  readonly node: NodeName;
  readonly classes: Int32Array;
}

/** A value between producers and layers, and the factors along its axis. */
export interface RegionValue {
  readonly value: NodeName;
  readonly axis: number;
  readonly classes: Int32Array;
}

/** Layers whose inputs' channels are tied together, and all that a factor per class of channels would change. */
export interface ChannelRegion {
  readonly layers: readonly RegionLayer[];
  /** How many independent factors the region has. */
  readonly classes: number;
  /** Per class, why its factor must be 1 unless a mul stands in front of the layers; null where it is free. */
  readonly pins: readonly (PinReason | null)[];
  readonly params: readonly RegionParam[];
  readonly values: readonly RegionValue[];
}

/**
 * The regions of a graph: layers whose input channels must share factors stand in one. `layers` are those that may be
 * equalized. Regions stand in the order of their first layers.
 */
export function channelRegions(model: Model, layers: readonly LayerNode[]): readonly ChannelRegion[] {
  const flow = channelFlow(model, layers);
  const order = new Map(layers.map((layer, i) => [layer.node.name, i]));
  const undoers = flow.undoers.toSorted(
    (a, b) => (order.get(a.layer.node.name) ?? 0) - (order.get(b.layer.node.name) ?? 0),
  );
  const roots = new RootsOf(flow);
  const groups = grouped(roots, undoers);
  const touched = touchedBy(flow, roots, groups);
  return touched.map((group) => new RegionBuilder(flow, roots, group).build());
}

/** The standing-in variables of each site, found once: what follows asks for them again and again. */
class RootsOf {
  private readonly known = new Map<Site, Int32Array>();

  constructor(private readonly flow: ChannelFlow) {}

  of(site: Site): Int32Array {
    const known = this.known.get(site);
    if (known) return known;
    const roots = this.flow.space.roots(site);
    this.known.set(site, roots);
    return roots;
  }
}

/** A region's layers, and what has a factor of theirs. */
interface Touched {
  readonly members: readonly Undoer[];
  readonly sites: Site[];
  readonly takers: Taker[];
}

/** Each site and taker is looked at once, however many regions there are. */
function touchedBy(
  flow: ChannelFlow,
  roots: RootsOf,
  groups: readonly (readonly Undoer[])[],
): readonly Touched[] {
  const touched = groups.map((members): Touched => ({ members, sites: [], takers: [] }));
  const groupOf = new Map<number, Touched>();
  for (const group of touched)
    for (const { site } of group.members) for (const root of roots.of(site)) groupOf.set(root, group);
  const groupsAt = (site: Site): ReadonlySet<Touched> => {
    const found = new Set<Touched>();
    for (const root of roots.of(site)) {
      const group = groupOf.get(root);
      if (group) found.add(group);
    }
    return found;
  };
  for (const site of flow.space.allSites) for (const group of groupsAt(site)) group.sites.push(site);
  for (const taker of flow.takers) for (const group of groupsAt(taker.site)) group.takers.push(taker);
  return touched;
}

/** Layers that share a factor, straight or through other layers. */
function grouped(rootsOf: RootsOf, undoers: readonly Undoer[]): readonly (readonly Undoer[])[] {
  let groups: { readonly roots: Set<number>; readonly members: readonly Undoer[] }[] = [];
  for (const undoer of undoers) {
    const roots = new Set(rootsOf.of(undoer.site));
    const touching = groups.filter((group) => [...roots].some((root) => group.roots.has(root)));
    const others = groups.filter((group) => !touching.includes(group));
    const merged = {
      roots: new Set([...touching.flatMap((group) => [...group.roots]), ...roots]),
      members: [...touching.flatMap((group) => group.members), undoer],
    };
    const [first] = touching;
    groups = first
      ? groups.flatMap((g) => (g === first ? [merged] : others.includes(g) ? [g] : []))
      : [...groups, merged];
  }
  return groups.map((group) => group.members);
}

class RegionBuilder {
  /** Number of the class that each standing-in variable is. */
  private readonly classOf = new Map<number, number>();

  constructor(
    private readonly flow: ChannelFlow,
    private readonly roots: RootsOf,
    private readonly touched: Touched,
  ) {
    for (const { site } of touched.members)
      for (const root of roots.of(site))
        if (!this.classOf.has(root)) this.classOf.set(root, this.classOf.size);
  }

  build(): ChannelRegion {
    const { members, takers, sites } = this.touched;
    return {
      layers: members.map(({ layer, site }) => ({ layer, ...this.valueOf(site) })),
      classes: this.classOf.size,
      pins: [...this.classOf.keys()].map((root) => this.flow.space.pinOf(root)),
      params: takers.map((taker) => this.paramOf(taker)),
      values: sites.map((site) => this.valueOf(site)),
    };
  }

  private classesOf(site: Site): Int32Array {
    return this.roots.of(site).map((root) => this.classOf.get(root) ?? -1);
  }

  private valueOf(site: Site): RegionValue {
    return { value: site.value, axis: site.axis, classes: this.classesOf(site) };
  }

  private paramOf({ node, param, axis, site }: Taker): RegionParam {
    return { node, param, axis, classes: this.classesOf(site) };
  }
}
