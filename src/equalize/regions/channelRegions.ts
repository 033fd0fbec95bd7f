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
  const { groups, groupOf } = grouped(flow, roots, undoers);
  const builder = new RegionBuilder(flow, roots, groupOf);
  return groups.map((group) => builder.build(group));
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

/** A region as it grows: its layers, and what has a factor of theirs. */
interface Group {
  readonly members: Undoer[];
  readonly sites: Site[];
  readonly takers: Taker[];
}

/** Which group each variable belongs to, where it stands for others: by its number. */
type GroupOf = (Group | undefined)[];

/** Layers that share a factor, straight or through other layers, and each site and taker that has a factor of a group's. */
function grouped(flow: ChannelFlow, roots: RootsOf, undoers: readonly Undoer[]) {
  const groupOf: GroupOf = new Array(flow.space.size);
  let groups: readonly Group[] = [];
  for (const undoer of undoers) {
    const found = groupsAt(groupOf, roots.of(undoer.site));
    const touching = groups.filter((group) => found.has(group));
    const [into = { members: [], sites: [], takers: [] }, ...others] = touching;
    const joining = [...others.flatMap(({ members }) => members), undoer];
    into.members.push(...joining);
    for (const { site } of joining) for (const root of roots.of(site)) groupOf[root] = into;
    groups = touching.length === 0 ? [...groups, into] : groups.filter((group) => !others.includes(group));
  }
  for (const site of flow.space.allSites)
    for (const group of groupsAt(groupOf, roots.of(site))) group.sites.push(site);
  for (const taker of flow.takers)
    for (const group of groupsAt(groupOf, roots.of(taker.site))) group.takers.push(taker);
  return { groups, groupOf };
}

/** Neighbouring channels are of one group nearly always. */
function groupsAt(groupOf: GroupOf, roots: Int32Array): ReadonlySet<Group> {
  const found = new Set<Group>();
  let last: Group | undefined;
  for (let i = 0; i < roots.length; i++) {
    const group = groupOf[roots[i] ?? 0];
    if (group === last) continue;
    last = group;
    if (group) found.add(group);
  }
  return found;
}

class RegionBuilder {
  /** Number of the class that each standing-in variable of a group is. A variable is of one group alone. */
  private readonly classOf: Int32Array;

  constructor(
    private readonly flow: ChannelFlow,
    private readonly roots: RootsOf,
    private readonly groupOf: GroupOf,
  ) {
    this.classOf = new Int32Array(flow.space.size).fill(-1);
  }

  build(group: Group): ChannelRegion {
    const { members, takers, sites } = group;
    const standing: number[] = [];
    for (const { site } of members)
      for (const root of this.roots.of(site))
        if (this.classOf[root] === -1) this.classOf[root] = standing.push(root) - 1;
    const regionValue = (site: Site): RegionValue => ({
      value: site.value,
      axis: site.axis,
      classes: this.classesOf(site, group),
    });
    return {
      layers: members.map(({ layer, site }) => ({ layer, ...regionValue(site) })),
      classes: standing.length,
      pins: standing.map((root) => this.flow.space.pinOf(root)),
      params: takers.map(({ node, param, axis, site }) => {
        return { node, param, axis, classes: this.classesOf(site, group) };
      }),
      values: sites.map(regionValue),
    };
  }

  private classesOf(site: Site, group: Group): Int32Array {
    const classes = new Int32Array(site.channels);
    const roots = this.roots.of(site);
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i] ?? 0;
      if (this.groupOf[root] === group) classes[i] = this.classOf[root] ?? -1;
      else classes[i] = -1;
    }
    return classes;
  }
}
