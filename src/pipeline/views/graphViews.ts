import type { Change } from '../../graph/change';
import type { StepName } from '../settings';

/* The graph of a step, drawn. */

/** The part a node plays, for its colour and icon. */
export type NodeRole =
  | 'input'
  | 'output'
  | 'param'
  | 'layer'
  | 'op'
  | 'observer'
  | 'equalization'
  | 'quantize';
/** What the step did to a node, compared with the step before. */
export type NodeChange = 'added' | 'removed' | 'changed' | 'same';

export interface NodeView {
  readonly name: string;
  readonly opcode: string;
  readonly role: NodeRole;
  /** Short type: `Linear`, `MinMaxObserver`, `torch.mul`, `placeholder`. */
  readonly type: string;
  /** One line under the name: `64 → 128`, `[0, 16]`, `64 columns`. May be empty. */
  readonly detail: string;
  /** `[n, 64]`, or empty where not known. */
  readonly shape: string;
  /** FX's text of the node, as in `graph.text`. */
  readonly line: string;
  readonly change: NodeChange;
  /** The modules around it, outermost first: `['layers', '0']` of `layers.0.fc1`. What a pass inserts stands with what it belongs to. */
  readonly path: readonly string[];
}

export interface EdgeView {
  readonly from: string;
  readonly to: string;
}

export interface GraphView {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  /** The whole graph in FX's text form. */
  readonly text: string;
}

/** One rewrite of the step, as it is listed: what it takes to play it stays with the model. */
export type ChangeView = Pick<Change, 'kind' | 'nodes' | 'sentence'>;

/** PyTorch's two forms of a quantized model: quantize, dequantize, float op; or quantized modules and functions. */
export type Form = 'reference' | 'lowered';

/** What can be shown of a step in more than one form. */
export interface FormView {
  readonly changes: readonly ChangeView[];
  readonly graph: GraphView;
}

/** The forms of convert's model, and why one of them is missing. */
export interface FormViews {
  readonly reference: FormView;
  readonly lowered: FormView | null;
  readonly error: { readonly message: string; readonly node: string | null } | null;
}

export interface StepView {
  readonly step: StepName;
  readonly ms: number;
  /** One line under the step's name: `2 folded, 1 mul; float error 3.1e-7`. */
  readonly summary: string;
  /** A remark that the user must see: a failed check, PyTorch's defect, non-finite data. */
  readonly warning: string | null;
  /** True when the step's own check failed (float error above 1e-4 in exact semantics). */
  readonly failed: boolean;
  /** True of equalize when its float model computes something else than the one that was loaded. */
  readonly functionChanged: boolean;
  readonly changes: readonly ChangeView[];
  readonly graph: GraphView;
  /** Of convert: `changes` and `graph` are those of one of them, the lowered one where there is one. */
  readonly forms: FormViews | null;
}
