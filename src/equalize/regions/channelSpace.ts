import { GraphError } from '../../graph/errors';
import type { NodeName } from '../../graph/ids';

/** Variables that the memory of a page holds: 8 bytes each, twice while room is made for more. */
const MAX_VARIABLES = 2 ** 26;

/** The channels of a value along one of its axes (counted from the end): a row of variables, one a channel. */
export interface Site {
  readonly value: NodeName;
  readonly axis: number;
  readonly channels: number;
  /** Number of its first variable. */
  readonly first: number;
}

/**
 * Factors of channels as variables, of which many must be equal (a disjoint-set forest) and some must be 1. `R` says
 * why a variable is pinned to 1; of several reasons the first one counts.
 */
export class ChannelSpace<R> {
  /** The first `size` are variables; the rest is room for more. */
  private parents = new Int32Array(1024);
  private count = 0;
  private readonly pins = new Map<number, R>();
  private readonly sites = new Map<string, Site>();

  /** The site of a value's axis, made on first sight. */
  site(value: NodeName, axis: number, channels: number): { readonly site: Site; readonly isNew: boolean } {
    const key = `${axis} ${value}`;
    const known = this.sites.get(key);
    if (known) return { site: known, isNew: false };
    if (this.count + channels > MAX_VARIABLES)
      throw new GraphError(
        `The values between the layers have more than ${MAX_VARIABLES.toLocaleString('en')} channels with '${value}' (${channels.toLocaleString('en')}): too many to find out which share a scale. Equalize fewer layers.`,
        value,
      );
    const site = { value, axis, channels, first: this.count };
    this.makeVariables(channels);
    this.sites.set(key, site);
    return { site, isNew: true };
  }

  private makeVariables(more: number): void {
    const first = this.count;
    this.count += more;
    if (this.count > this.parents.length) {
      const parents = new Int32Array(2 * this.count);
      parents.set(this.parents);
      this.parents = parents;
    }
    for (let variable = first; variable < this.count; variable++) this.parents[variable] = variable;
  }

  /** How many variables there are: every one of them is below. */
  get size(): number {
    return this.count;
  }

  get allSites(): readonly Site[] {
    return [...this.sites.values()];
  }

  /** The variable that stands for all that equal this one. */
  root(variable: number): number {
    let root = variable;
    for (
      let parent = this.parents[root];
      parent !== undefined && parent !== root;
      parent = this.parents[root]
    )
      root = parent;
    // Every variable on the way gets the root for its parent, so that the next search is short.
    for (let at = variable; at !== root; ) {
      const next = this.parents[at] ?? root;
      this.parents[at] = root;
      at = next;
    }
    return root;
  }

  /** Makes two variables equal. The one that was made first stands for both, and keeps the first reason. */
  unify(a: number, b: number): void {
    const [left, right] = [this.root(a), this.root(b)];
    if (left === right) return;
    const [first, second] = left < right ? [left, right] : [right, left];
    this.parents[second] = first;
    const reason = this.pins.get(second);
    if (reason !== undefined && !this.pins.has(first)) this.pins.set(first, reason);
    this.pins.delete(second);
  }

  /** Pins every channel of a site to 1. */
  pin({ first, channels }: Site, reason: R): void {
    for (let i = 0; i < channels; i++) {
      const root = this.root(first + i);
      if (!this.pins.has(root)) this.pins.set(root, reason);
    }
  }

  pinOf(variable: number): R | null {
    return this.pins.get(this.root(variable)) ?? null;
  }

  /** The standing-in variable of each channel of a site. */
  roots({ first, channels }: Site): Int32Array {
    // A plain loop: `from` with a mapping function takes ten times as long.
    const roots = new Int32Array(channels);
    for (let i = 0; i < channels; i++) roots[i] = this.root(first + i);
    return roots;
  }
}
