import type { BinaryFunction, ReduceFunction, UnaryAttrs } from '../elementwise';

/** Arithmetic: of numbers element by element, of matrices, and what makes one number of many. */
export interface ArithmeticOps {
  /** `relu`: a fused `quantized.add_relu`. */
  add: { readonly relu?: boolean };
  sub: object;
  /** `relu`: a fused `quantized.mul_relu`. */
  mul: { readonly relu?: boolean };
  div: object;
  /** `xᵉ`; with a whole exponent x may be negative. */
  pow: { readonly exponent: number };
  sqrt: object;
  /** `1 / √x`. */
  rsqrt: object;
  /** `1 / x`. */
  reciprocal: object;
  /** The error function of the normal distribution, as an exact GELU has it. */
  erf: object;
  /** One of many functions of one tensor, element by element. */
  unary: UnaryAttrs;
  /** One of many functions of two tensors, element by element. */
  binary: { readonly fn: BinaryFunction };
  /** The second operand where the first, a condition, is true, the third elsewhere. */
  where: object;
  matmul: object;
  /** Sums of products of the operands, over the letters that the output lacks. */
  einsum: { readonly equation: string };
  /** All elements along the given axes, or along all of them (null), become one. */
  reduce: {
    readonly fn: ReduceFunction;
    readonly dims: readonly number[] | null;
    readonly keepDim: boolean;
  };
  /** Over the given axes, or over all of them (null). */
  mean: { readonly dims: readonly number[] | null; readonly keepDim: boolean };
  /** The place of the largest or smallest element along an axis, the first of several; of all elements where it is null. */
  arg_reduce: {
    readonly fn: 'argmax' | 'argmin';
    readonly dim: number | null;
    readonly keepDim: boolean;
  };
  /** Sums from the first element along an axis up to each. */
  cumsum: { readonly dim: number };
  /** The `count` largest (or smallest) of an axis in order, or where they stand. */
  topk: {
    readonly count: number;
    readonly dim: number;
    readonly largest: boolean;
    readonly output: 'values' | 'indices';
  };
}
