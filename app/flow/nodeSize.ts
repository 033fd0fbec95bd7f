import type { NodeRole } from '../../src/index';
import { RANK_GAP } from './arrange/box';

/** A node by its role, or a closed group. */
export type ItemRole = NodeRole | 'group';

/** Node sizes in the graph's own pixels; fixed, so that a layout needs no measuring. */
export const NODE_HEIGHT = 46;
export const NODE_WIDTH: { readonly [R in ItemRole]: number } = {
  group: 212,
  input: 212,
  output: 212,
  layer: 212,
  op: 212,
  observer: 212,
  equalization: 212,
  quantize: 212,
  param: 150,
};

/** What the layout must know of a node. */
export interface LayoutNode {
  readonly name: string;
  readonly role: ItemRole;
  /** The open group that it stands in. */
  readonly parent?: string | null;
}

/** From the top of one node of a chain to the top of the next. */
export const PITCH = NODE_HEIGHT + RANK_GAP;

/** Between nodes that stand side by side. */
export const GAP = 24;

/** Where a reader's constants stand: level with it, or in a row above it where the pane is too narrow for that. */
export type Arrangement = 'beside' | 'above';

/** Between two constants above their reader, where the edge to the reader passes. */
const PASSAGE = 28;

/** How far the middle of a constant is from that of its reader, sideways. */
export const distanceTo = (reader: ItemRole, arrangement: Arrangement): number =>
  arrangement === 'above'
    ? (PASSAGE + NODE_WIDTH.param) / 2
    : (NODE_WIDTH[reader] + NODE_WIDTH.param) / 2 + GAP;

/** The widest that one node with its constants on both sides can be. */
export const widthWithConstants = (reader: ItemRole, arrangement: Arrangement): number =>
  2 * distanceTo(reader, arrangement) + NODE_WIDTH.param;
