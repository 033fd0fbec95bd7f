import type { NodeRole } from '../../src/index';

/** Node sizes in the graph's own pixels; fixed, so that a layout needs no measuring. */
export const NODE_HEIGHT = 46;
export const NODE_WIDTH: { readonly [R in NodeRole]: number } = {
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
  readonly role: NodeRole;
}
