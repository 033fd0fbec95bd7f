import type { StepName } from '../settings';
import type { Form, NodeView } from '../views';

/*
 * A pass as the page plays it: the graph that it starts from and what each of its changes does to the drawn nodes.
 */

/** A node while a pass is under way: what is drawn of it, and what it reads. */
export interface NodeState {
  readonly view: NodeView;
  readonly inputs: readonly string[];
}

/** What a change does to one node. `behind` is the node that it then stands in front of; null at the end. */
export type NodeDelta =
  | { readonly kind: 'come'; readonly state: NodeState; readonly behind: string | null }
  | { readonly kind: 'go'; readonly name: string }
  | { readonly kind: 'move'; readonly name: string; readonly behind: string | null }
  /** It looks different, or reads something else; its name and its place stay. */
  | { readonly kind: 'look'; readonly state: NodeState }
  /** Only the count of its readers changed, in its FX line. */
  | { readonly kind: 'line'; readonly name: string; readonly line: string }
  /** Old names with the new ones, all at once: nodes may exchange theirs. Their looks follow. */
  | { readonly kind: 'rename'; readonly names: readonly (readonly [string, string])[] };

/** One step, change by change: `deltas` has one list for each change of the step's view, in its order. */
export interface Playback {
  readonly step: StepName;
  readonly form: Form;
  readonly start: readonly NodeState[];
  readonly deltas: readonly (readonly NodeDelta[])[];
}

/** A formula with the numbers of this model: `s[3] = sqrt((max W − min W) / (max x − min x)) = sqrt((0.82 − −0.79) / …) = 0.141`. */
export interface Formula {
  readonly left: string;
  /** In symbols; empty where the numbers say it all. */
  readonly symbols: string;
  readonly numbers: string;
  readonly result: string;
  /** The result in all its digits, as the model has it. */
  readonly value: number;
}

/** Why a change was made, and how its numbers came about. */
export interface Explanation {
  readonly why: string;
  readonly formulas: readonly Formula[];
  /** Of what the formulas show one: `column` 3 of 64. Null where there is nothing to choose. */
  readonly choice: {
    readonly what: 'column' | 'row' | 'channel';
    readonly count: number;
    readonly chosen: number;
  } | null;
  /** The node's FX line before and after, where the graph changed. */
  readonly lines: { readonly before: string; readonly after: string } | null;
}
