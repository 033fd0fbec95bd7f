import { atOnce } from '../../inParts';
import { filmOf, type Union } from '../../store/playback/film';
import type { PlayedStep } from '../../store/studio';
import { type DrawnNode, type Scene, type Side, unionEdges } from '../union';

const unions = new WeakMap<Union, Side>();

/** What is laid out, once for all positions. Edges that a later change leads through a node in between would bend it. */
function unionOf(union: Union, played: PlayedStep): Side {
  const known = unions.get(union);
  if (known !== undefined) return known;
  const film = filmOf(played.playback);
  const end = film.at(played.playback.deltas.length);
  const place = (name: string) => end.places.get(name) ?? name;
  const last = end.edges.map(({ from, to }) => ({ from: place(from), to: place(to) }));
  const side: Side = { nodes: union.nodes, edges: atOnce(unionEdges(union.edges, last)) };
  unions.set(union, side);
  return side;
}

/** The graph between two changes, alone or beside the one that the step began with. Nodes that have gone are ghosts. */
export function playScene(played: PlayedStep, beside: boolean): Scene {
  const film = filmOf(played.playback);
  const union = unionOf(film.union, played);
  const start = beside ? film.at(0) : null;
  const frame = film.at(played.position);
  const ghosts = frame.ghosts.map((view): DrawnNode => ({ ...view, ghost: true }));
  return {
    before: start && { nodes: start.nodes, edges: start.edges },
    after: { nodes: [...frame.nodes, ...ghosts], edges: frame.edges },
    union,
    slots: frame.places,
    played,
  };
}
