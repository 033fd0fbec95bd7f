import type { EdgeView } from '../../src/index';
import { type Box, linkKey, type Point, type Route } from './arrange/box';
import { type Around, aroundOf, ROOT } from './arrange/legs';
import { type Interior, interiorsOf } from './arrange/nesting';
import { type Placed, wayOf } from './arrange/ways';
import {
  type Arrangement,
  distanceTo,
  type LayoutNode,
  NODE_HEIGHT,
  NODE_WIDTH,
  PITCH,
  widthWithConstants,
} from './nodeSize';
import { type Beside, findSatellites, type Satellite } from './satellites';

export interface LayoutRequest {
  readonly arrangement: Arrangement;
  /** Nodes and closed groups. */
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly EdgeView[];
  /** Open groups, outer ones first. */
  readonly frames?: readonly { readonly id: string; readonly parent: string | null }[];
  /** Whether long graphs go on in a further column. */
  readonly columns?: boolean;
}
export interface Place {
  /** The node's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Set for a constant that stands on that side of the one node that reads it, or in the row above it. */
  readonly constant: Beside | 'above' | null;
}
export type Positions = ReadonlyMap<string, Place>;
export interface FramePlace extends Point {
  readonly width: number;
  readonly height: number;
}
export interface SceneLayout {
  readonly positions: Positions;
  /** Open groups: their top left corners and sizes. */
  readonly frames: ReadonlyMap<string, FramePlace>;
  /** Ways of edges that go around something, by `linkKey`. */
  readonly routes: ReadonlyMap<string, Route>;
}

function checkEdges({ nodes, edges }: LayoutRequest) {
  const names = new Set(nodes.map(({ name }) => name));
  const lost = edges.find(({ from, to }) => !names.has(from) || !names.has(to));
  if (lost !== undefined)
    throw new Error(`internal: the edge ${lost.from} → ${lost.to} names a node that the graph lacks`);
}

/** Room for a node and for its constants: on both sides, even for one, since its centre must stay the box's centre. */
function boxOf({ name, role }: LayoutNode, reads: boolean, arrangement: Arrangement): Box {
  const width = reads ? widthWithConstants(role, arrangement) : NODE_WIDTH[role];
  return { id: name, width, height: NODE_HEIGHT + (reads && arrangement === 'above' ? PITCH : 0) };
}

/** Where each frame and its inside are in the whole graph; outer frames come first. */
function placeFrames(
  frames: readonly string[],
  interiors: ReadonlyMap<string, Interior>,
  around: Around,
): Placed & { readonly frames: ReadonlyMap<string, FramePlace> } {
  const origins = new Map<string, Point>([[ROOT, { x: 0, y: 0 }]]);
  const placed = new Map<string, FramePlace>();
  for (const id of frames) {
    const [parent = ROOT] = around(id);
    const outside = origins.get(parent);
    const place = interiors.get(parent)?.level.places.get(id);
    const interior = interiors.get(id);
    if (outside === undefined || place === undefined || interior === undefined) continue;
    const { width, height, origin } = interior;
    const corner = { x: outside.x + place.x - width / 2, y: outside.y + place.y };
    placed.set(id, { ...corner, width, height });
    origins.set(id, { x: corner.x + origin.x, y: corner.y + origin.y });
  }
  return { interiors, origins, frames: placed };
}

/**
 * Layered layout from top to bottom, open groups as frames around their nodes. The first node is centred over x = 0 at
 * y = 0, so that a graph keeps its place when a step adds nodes to it.
 */
export function layoutScene(request: LayoutRequest): SceneLayout {
  checkEdges(request);
  const { nodes, edges, arrangement, frames = [], columns = false } = request;
  const satellites = findSatellites(nodes, edges);
  const readers = new Set([...satellites.values()].map(({ user }) => user));
  const standing = nodes.filter(({ name }) => !satellites.has(name));
  const links = edges.filter(({ from }) => !satellites.has(from));
  const parents = [...frames.map(({ id, parent }) => [id, parent] as const), ...nodes.map(parentOf)];
  const around = aroundOf(new Map(parents));
  const boxes = standing.map((node) => boxOf(node, readers.has(node.name), arrangement));
  const ids = frames.map(({ id }) => id);
  const interiors = interiorsOf({ boxes, frames: ids, links, around, isWrapped: columns });
  const placed = placeFrames(ids, interiors, around);
  const middles = new Map(
    boxes.flatMap(({ id, height }) => {
      const [frame = ROOT] = around(id);
      const place = interiors.get(frame)?.level.places.get(id);
      const origin = placed.origins.get(frame);
      if (place === undefined || origin === undefined) return [];
      return [[id, { x: place.x + origin.x, y: place.y + origin.y + height - NODE_HEIGHT }] as const];
    }),
  );
  const first = middles.get(standing[0]?.name ?? '') ?? { x: 0, y: 0 };
  const routes = new Map(
    links.flatMap((edge) => {
      const way = wayOf(edge, around, placed);
      return way === null ? [] : [[linkKey(edge), way] as const];
    }),
  );
  return shifted(
    { positions: positionsOf(request, satellites, middles), frames: placed.frames, routes },
    first,
  );
}

const parentOf = ({ name, parent = null }: LayoutNode) => [name, parent] as const;

/** Top left corners of all nodes, constants beside or above their readers. */
function positionsOf(
  { nodes, arrangement }: LayoutRequest,
  satellites: ReadonlyMap<string, Satellite>,
  middles: ReadonlyMap<string, Point>,
): Positions {
  const roles = new Map(nodes.map(({ name, role }) => [name, role]));
  const positions = new Map<string, Place>();
  for (const { name, role } of nodes) {
    const satellite = satellites.get(name);
    const place = middles.get(satellite?.user ?? name);
    if (place === undefined) continue;
    const distance = satellite === undefined ? 0 : distanceTo(roles.get(satellite.user) ?? 'op', arrangement);
    const isAbove = satellite !== undefined && arrangement === 'above';
    positions.set(name, {
      x: place.x + (satellite?.beside === 'left' ? -distance : distance) - NODE_WIDTH[role] / 2,
      y: place.y - (isAbove ? PITCH : 0),
      constant: satellite === undefined ? null : isAbove ? 'above' : satellite.beside,
    });
  }
  return positions;
}

/** Moves all so that the point becomes the origin. */
function shifted({ positions, frames, routes }: SceneLayout, { x, y }: Point): SceneLayout {
  const moved = <T extends Point>(point: T): T => ({ ...point, x: point.x - x, y: point.y - y });
  return {
    positions: new Map([...positions].map(([name, place]) => [name, moved(place)])),
    frames: new Map([...frames].map(([id, place]) => [id, moved(place)])),
    routes: new Map(
      [...routes].map(([key, { style, points }]) => [key, { style, points: points.map(moved) }]),
    ),
  };
}

/** Where the nodes stand. */
export const layoutGraph = (request: LayoutRequest): Positions => layoutScene(request).positions;
