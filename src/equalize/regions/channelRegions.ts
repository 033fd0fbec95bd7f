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
  return grouped(flow, undoers).map((group) => new RegionBuilder(flow, group).build());
}

/** Layers that share a factor, straight or through other layers. */
function grouped(flow: ChannelFlow, undoers: readonly Undoer[]): readonly (readonly Undoer[])[] {
  let groups: { readonly roots: Set<number>; readonly members: readonly Undoer[] }[] = [];
  for (const undoer of undoers) {
    const roots = new Set(flow.space.roots(undoer.site));
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
    private readonly members: readonly Undoer[],
  ) {
    for (const { site } of members)
      for (const root of flow.space.roots(site))
        if (!this.classOf.has(root)) this.classOf.set(root, this.classOf.size);
  }

  build(): ChannelRegion {
    return {
      layers: this.members.map(({ layer, site }) => ({ layer, ...this.valueOf(site) })),
      classes: this.classOf.size,
      pins: [...this.classOf.keys()].map((root) => this.flow.space.pinOf(root)),
      params: this.flow.takers.filter(({ site }) => this.touches(site)).map((taker) => this.paramOf(taker)),
      values: this.flow.space.allSites.filter((site) => this.touches(site)).map((site) => this.valueOf(site)),
    };
  }

  private classesOf(site: Site): Int32Array {
    return this.flow.space.roots(site).map((root) => this.classOf.get(root) ?? -1);
  }

  private touches(site: Site): boolean {
    return this.classesOf(site).some((c) => c >= 0);
  }

  private valueOf(site: Site): RegionValue {
    return { value: site.value, axis: site.axis, classes: this.classesOf(site) };
  }

  private paramOf({ node, param, axis, site }: Taker): RegionParam {
    return { node, param, axis, classes: this.classesOf(site) };
  }
}
