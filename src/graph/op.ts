import type { NodeName, ParamName } from './ids';
import type { ActivationOps } from './ops/activationOps';
import type { ArithmeticOps } from './ops/arithmeticOps';
import type { CreationOps } from './ops/creationOps';
import type { GridOps, OutputGrid } from './ops/gridOps';
import type { MoveOps } from './ops/moveOps';
import type { NormOps } from './ops/normOps';
import type { SpatialOps } from './ops/spatialOps';
import type { WeightedOps } from './ops/weightedOps';
import type { SizeRule } from './sizes';

export type { OutputGrid, WeightGrid } from './ops/gridOps';
export type { Cut, IndexPart } from './ops/moveOps';
export type { PadMode, Resampling } from './ops/spatialOps';
export type { Padding, Paddings } from './ops/weightedOps';

/**
 * The ops that the studio understands, each with its normalized attributes, whatever form the graph spells it in
 * (`torch.nn.ReLU`, `torch.nn.functional.relu`, `torch.relu` and the method `relu` are all `relu`).
 * Tables over `OpName` (shapes, kernels, scale rules, ONNX writers) are typed `{ [O in OpName]: … }`, so an op
 * that lacks a row does not compile.
 */
export interface OpAttrs
  extends WeightedOps,
    NormOps,
    SpatialOps,
    ActivationOps,
    ArithmeticOps,
    MoveOps,
    CreationOps,
    GridOps {
  placeholder: object;
  output: object;
  get_attr: { readonly param: ParamName };
  /** Gives a number or a list of numbers, no tensor: a tensor's shape, or what is computed from it. */
  size: { readonly rule: SizeRule };
  /** Gives several tensors and computes none of them: the `operator.getitem` of a part is the op that makes it. */
  tuple: object;
  identity: object;
  dropout: object;
}

export type OpName = keyof OpAttrs;

/**
 * An operand is another node's tensor, a plain number (`x / 2`), the number that a `size` node gives (`x / x.size(-1)`),
 * or a tensor of which only the shape counts (`x.view_as(y)`).
 */
export type Operand =
  | { readonly kind: 'node'; readonly node: NodeName }
  | { readonly kind: 'shape'; readonly node: NodeName }
  | { readonly kind: 'size'; readonly node: NodeName }
  | { readonly kind: 'number'; readonly value: number };

/** One call of an op: what a node means, free of how the graph spells it. */
export type OpCall<O extends OpName = OpName> = {
  [K in OpName]: {
    readonly op: K;
    readonly operands: readonly Operand[];
    readonly attrs: OpAttrs[K];
    /** A lowered op that says where its output lies: what it computes is rounded to that grid. */
    readonly quantized?: OutputGrid;
  };
}[O];
