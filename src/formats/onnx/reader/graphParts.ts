import type { ModuleSpec } from '../../../graph/model';
import type { Argument } from '../../../graph/node';
import type { FloatTensor } from '../../../graph/tensor';
import type { LinearOrigin, NormOrigin } from '../origin';

/* What readers of ops hand to the `GraphReader`. */

/** A Linear as it goes into the IR. `bias` is null for a Linear without one. */
export interface LinearParts {
  readonly weight: FloatTensor;
  readonly bias: FloatTensor | null;
  readonly origin: LinearOrigin;
}

/** How a call differs from a function of positional arguments that makes its ONNX node's first output. */
export interface CallForm {
  readonly output?: string;
  readonly kwargs?: Readonly<Record<string, Argument>>;
  readonly op?: 'call_function' | 'call_method';
}

/** A LayerNorm as it goes into the IR. */
export interface NormParts {
  readonly weight: FloatTensor;
  readonly bias: FloatTensor | null;
  readonly eps: number;
  readonly origin: NormOrigin;
}

/** A module with tensors of its own, by their names in it, and the file's values that they come from, the weight first. */
export interface ModuleParts {
  readonly spec: ModuleSpec;
  readonly tensors: Readonly<Record<string, FloatTensor>>;
  readonly values: readonly string[];
  /** What the module is called where the file gives it no name. */
  readonly base: string;
}
