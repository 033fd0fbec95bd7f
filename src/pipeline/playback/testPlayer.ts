import type { EdgeView, NodeView } from '../views';
import type { NodeDelta, NodeState, Playback } from './playbackViews';

/* A plain player of deltas, of arrays: what the page's has to agree with. For tests only. */

interface Drawn {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
}

const drawn = (states: readonly NodeState[]): Drawn => ({
  nodes: states.map(({ view }) => view),
  edges: states.flatMap(({ view, inputs }) => inputs.map((from) => ({ from, to: view.name }))),
});

const placeOf = (states: readonly NodeState[], name: string | null): number => {
  if (name === null) return states.length;
  const place = states.findIndex(({ view }) => view.name === name);
  if (place < 0) throw new Error(`a delta names '${name}', which is not there`);
  return place;
};

export function withDelta(states: readonly NodeState[], delta: NodeDelta): readonly NodeState[] {
  const at = (name: string) => placeOf(states, name);
  switch (delta.kind) {
    case 'come':
      return states.toSpliced(placeOf(states, delta.behind), 0, delta.state);
    case 'go':
      return states.toSpliced(at(delta.name), 1);
    case 'move': {
      const place = at(delta.name);
      const moved = states[place];
      const others = states.toSpliced(place, 1);
      return moved ? others.toSpliced(placeOf(others, delta.behind), 0, moved) : others;
    }
    case 'look':
      return states.with(at(delta.state.view.name), delta.state);
    case 'line': {
      const place = at(delta.name);
      const state = states[place];
      return state ? states.with(place, { ...state, view: { ...state.view, line: delta.line } }) : states;
    }
    case 'rename': {
      const names = new Map(delta.names);
      return states.map(({ view, inputs }) => ({
        view: { ...view, name: names.get(view.name) ?? view.name },
        inputs: inputs.map((input) => names.get(input) ?? input),
      }));
    }
    default:
      return delta satisfies never;
  }
}

/** The graphs at both ends of a step. */
export const playedThrough = ({
  start,
  deltas,
}: Playback): { readonly start: Drawn; readonly end: Drawn } => ({
  start: drawn(start),
  end: drawn(deltas.flat().reduce(withDelta, start)),
});
