import type { NodeName, ParamName } from './ids';

/**
 * The ops that the studio understands, each with its normalized attributes, whatever form the graph spells it in
 * (`torch.nn.ReLU`, `torch.nn.functional.relu`, `torch.relu` and the method `relu` are all `relu`).
 * Tables over `OpName` (shapes, kernels, scale rules, ONNX writers) are typed `{ [O in OpName]: … }`, so an op
 * that lacks a row does not compile.
 */
export interface OpAttrs {
  placeholder: object;
  output: object;
  get_attr: { readonly param: ParamName };
  /** `y = x Wᵀ + b` over the last axis; W is `[outFeatures, inFeatures]`. `relu`: a fused LinearReLU. */
  linear: {
    readonly weight: ParamName;
    readonly bias: ParamName | null;
    readonly inFeatures: number;
    readonly outFeatures: number;
    readonly relu: boolean;
    /** True for `F.linear`, whose weight comes from `get_attr` nodes. */
    readonly functional: boolean;
  };
  relu: object;
  leaky_relu: { readonly negativeSlope: number };
  sigmoid: object;
  tanh: object;
  softmax: { readonly dim: number };
  flatten: { readonly startDim: number; readonly endDim: number };
  reshape: { readonly shape: readonly number[] };
  transpose: { readonly dim0: number; readonly dim1: number };
  add: object;
  sub: object;
  mul: object;
  div: object;
  matmul: object;
  identity: object;
  dropout: object;
  /** A change of element type (`x.to(torch.float32)`). */
  to: { readonly dtype: string };
  /** An activation observer: passes its input through. */
  observer: object;
  /** An input-equalization observer: passes its input through. */
  equalization_observer: object;
  /** `torch.quantize_per_tensor(x, scale, zero_point, dtype)`; scale and zero point are `get_attr` operands. */
  quantize_per_tensor: { readonly dtype: string };
  dequantize: object;
  /** A quantized Linear: int8 weight, output quantized with the module's own scale and zero point. */
  quantized_linear: {
    readonly weight: ParamName;
    readonly bias: ParamName | null;
    readonly inFeatures: number;
    readonly outFeatures: number;
    readonly relu: boolean;
    readonly scale: number;
    readonly zeroPoint: number;
  };
}

export type OpName = keyof OpAttrs;

/** An operand is another node's value or a plain number (`x / 2`). */
export type Operand =
  | { readonly kind: 'node'; readonly node: NodeName }
  | { readonly kind: 'number'; readonly value: number };

/** One call of an op: what a node means, free of how the graph spells it. */
export type OpCall<O extends OpName = OpName> = {
  [K in OpName]: { readonly op: K; readonly operands: readonly Operand[]; readonly attrs: OpAttrs[K] };
}[O];
