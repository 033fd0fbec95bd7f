import * as tf from '@tensorflow/tfjs-core';
import type { ParamName } from '../../graph/ids';
import type { OpCall, Operand, OpName, WeightGrid } from '../../graph/op';
import { axisOf } from '../../graph/shape';
import type { FloatTensor } from '../../graph/tensor';
import { alias } from '../values';

/** An operand at run time. */
export type Value = tf.Tensor | number;

/** Ops that compute tensors; inputs, constants, sizes, tuples and the output are the executor's. */
export type ComputeOp = Exclude<OpName, 'placeholder' | 'get_attr' | 'size' | 'tuple' | 'output'>;

/** What a rule may ask for besides its operands. */
export interface ExecContext {
  /** A Linear's weight on the device, as `linear` reads it; on its grid where it has one. */
  weight(name: ParamName, grid?: WeightGrid): tf.Tensor2D;
  /** A constant as it is, on the device. */
  param(name: ParamName): tf.Tensor;
  /** A constant in another form, made from the model's tensor at its first use and kept under `form`. */
  derived(
    name: ParamName,
    form: string,
    make: (tensor: FloatTensor) => tf.Tensor,
    grid?: WeightGrid,
  ): tf.Tensor;
  /** A constant on the host. */
  host(name: ParamName): FloatTensor;
  /** The one number of a constant operand, read from the model and not from the device. */
  constant(operand: Operand | undefined): number;
  /** All numbers of a constant operand, as `constant`. */
  constants(operand: Operand | undefined): Float32Array;
}

/**
 * Computes one call. Runs inside `tf.tidy`: what it returns is kept, everything else it made is freed. It must
 * return a tensor of its own, never an operand. Throws plain errors; the executor adds the node's name.
 */
export type ExecRule<O extends ComputeOp> = (
  inputs: readonly Value[],
  call: OpCall<O>,
  context: ExecContext,
) => tf.Tensor;
export type UniformRule = (inputs: readonly Value[]) => tf.Tensor;

export function tensorAt(inputs: readonly Value[], index: number): tf.Tensor {
  const value = inputs[index];
  if (value === undefined) throw new Error(`its operand ${index + 1} is missing`);
  return typeof value === 'number' ? tf.scalar(value) : value;
}

/** A tensor of its own, whatever the operand was. */
export function floatAt(inputs: readonly Value[], index: number): tf.Tensor {
  const value = tensorAt(inputs, index);
  return value.dtype === 'float32' ? alias(value) : tf.cast(value, 'float32');
}

/** A whole number beside an integer tensor stays an integer, as in PyTorch; tfjs would make both float. */
export function numberLike(value: Value, other: Value): tf.Tensor {
  if (typeof value !== 'number') return value;
  const integer = typeof other !== 'number' && other.dtype === 'int32' && Number.isInteger(value);
  return tf.scalar(value, integer ? 'int32' : 'float32');
}

export function axisIn(x: tf.Tensor, dim: number): number {
  const axis = axisOf(dim, x.rank);
  if (axis === null) throw new Error(`dim ${dim} lies outside its input [${x.shape.join(', ')}]`);
  return axis;
}

export const unary =
  (compute: (x: tf.Tensor) => tf.Tensor): UniformRule =>
  (inputs) =>
    compute(floatAt(inputs, 0));
