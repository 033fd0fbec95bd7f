/** Something to place: a node with its constants, a closed group, or an open one with all that is in it. */
export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** From its left to where the flow passes it; its middle where it is not said. */
  readonly axis?: number;
}
export interface Link {
  readonly from: string;
  readonly to: string;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The way of an edge between its ends: points that it passes, if it must go around something. */
export interface Route {
  readonly points: readonly Point[];
  /** `corners`: straight lines along both axes, from the foot of one column to the head of the next. */
  readonly style: 'curve' | 'corners';
}

/** Between the rows of a graph. */
export const RANK_GAP = 26;

export const linkKey = ({ from, to }: Link): string => JSON.stringify([from, to]);

export const shiftRoute = ({ points, style }: Route, dx: number, dy: number): Route => ({
  style,
  points: points.map(({ x, y }) => ({ x: x + dx, y: y + dy })),
});
