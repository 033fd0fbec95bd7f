import { formatShape, productOf, type Shape } from '../graph/shape';
import type { DType, Tensor } from '../graph/tensor';
import type { Dataset } from './dataset';
import { FormatError } from './errors';

/** A placeholder of the model: its name and, as far as known, its shape. Axis 0 counts samples. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
  /** What the model computes it in; float32 where it is not told. */
  readonly dtype?: DType;
}

/** Above it float32 has gaps between whole numbers. */
const MAX_EXACT_INTEGER = 2 ** 24;

const got = (tensor: Tensor): string => `[${tensor.shape.join(', ')}] ${tensor.dtype}`;

const listed = (names: readonly string[]): string =>
  names.map((name) => (name === '' ? 'one array without a name' : `'${name}'`)).join(', ');

/** An input that is called as labels are: its integer array went there. */
const labelHint = (data: Dataset, missing: readonly string[]): string =>
  data.labels && missing.some((name) => name === 'y' || name === 'labels')
    ? ' (an integer array of that name is read as labels; save it as float32)'
    : '';

/** Finds each input's array: by name, or for a model and a file with one of each, whatever the array is called. */
function bind(data: Dataset, inputs: readonly ModelInput[]): readonly (readonly [ModelInput, Tensor])[] {
  const names = Object.keys(data.arrays);
  const only = inputs.length === 1 && names.length === 1 ? Object.values(data.arrays)[0] : undefined;
  const missing: string[] = [];
  const bound = inputs.flatMap((input): (readonly [ModelInput, Tensor])[] => {
    const named = Object.hasOwn(data.arrays, input.name) ? data.arrays[input.name] : undefined;
    const tensor = named ?? only;
    if (tensor) return [[input, tensor]];
    missing.push(input.name);
    return [];
  });
  if (missing.length > 0)
    throw new FormatError(
      data.source,
      `has no array for the model's ${missing.length === 1 ? 'input' : 'inputs'} ${listed(missing)}; it holds ${listed(names)}${labelHint(data, missing)}. Save one array per input, by the input's name, in a .npz file (numpy.savez).`,
    );
  return bound;
}

/**
 * A table (`[n, 1536]`, all that CSV can hold) fills an input of more axes (`[n, 16, 96]`) row by row when the
 * numbers agree; anything else stays as it is.
 */
function unflattened(shape: Shape, tensor: Tensor): Tensor {
  const sample = shape?.slice(1) ?? [];
  const [samples, columns] = tensor.shape;
  if (sample.length < 2 || tensor.shape.length !== 2 || samples === undefined) return tensor;
  if (!sample.every((dim) => typeof dim === 'number') || productOf(sample) !== columns) return tensor;
  return { ...tensor, shape: [samples, ...sample] };
}

/** Why two ranks differ, where one missing axis explains it. */
function rankHint(shape: readonly unknown[], tensor: Tensor): string {
  if (tensor.shape.length !== shape.length - 1) return '';
  return ' The array seems to lack the axis that counts samples: for a single sample save x[None].';
}

function checkShape(data: Dataset, { name, shape, dtype = 'float32' }: ModelInput, tensor: Tensor): void {
  if (!shape) return;
  const rank = tensor.shape.length === shape.length;
  const fixed = shape.every(
    (dim, axis) => axis === 0 || typeof dim === 'string' || dim === tensor.shape[axis],
  );
  if (!rank || !fixed)
    throw new FormatError(
      data.source,
      `input '${name}' expects ${formatShape(shape)} ${dtype}, got ${got(tensor)}.${rank ? '' : rankHint(shape, tensor)}`,
    );
  const [batch] = shape;
  if (typeof batch === 'number' && (batch === 0 || data.samples % batch !== 0))
    throw new FormatError(
      data.source,
      `input '${name}' expects ${formatShape(shape)} ${dtype}, batches of exactly ${batch}, got ${got(tensor)}, and ${data.samples} samples are not a multiple of ${batch}. Leave out ${data.samples % batch || data.samples} samples, or export the model with an open batch axis.`,
    );
}

/** Integers and bools as float32, where that changes no value. */
function toFloat(data: Dataset, input: ModelInput, tensor: Tensor): Tensor {
  if (tensor.dtype === 'float32') return tensor;
  const at = tensor.data.findIndex((value) => Math.abs(value) > MAX_EXACT_INTEGER);
  if (at >= 0)
    throw new FormatError(
      data.source,
      `input '${input.name}' expects float32, got ${got(tensor)} whose element ${at} is ${tensor.data[at]}; float32 holds whole numbers exactly up to ${MAX_EXACT_INTEGER}. Scale the data and save it as float32.`,
    );
  return { dtype: 'float32', shape: tensor.shape, data: new Float32Array(tensor.data) };
}

const INT32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const isInt32 = (value: number): boolean =>
  Number.isInteger(value) && value >= INT32.least && value <= INT32.most;
const isTruth = (value: number): boolean => value === 0 || value === 1;

/** Whole numbers for an input of int32, also where the file holds them as floats. */
function toInt32(data: Dataset, input: ModelInput, tensor: Tensor): Tensor {
  if (tensor.dtype === 'int32') return tensor;
  refuseOther(data, input, tensor, isInt32, 'whole numbers of 32 bits');
  return { dtype: 'int32', shape: tensor.shape, data: Int32Array.from(tensor.data) };
}

/** Truth values for an input of bool, also where the file holds them as numbers. */
function toBool(data: Dataset, input: ModelInput, tensor: Tensor): Tensor {
  if (tensor.dtype === 'bool') return tensor;
  refuseOther(data, input, tensor, isTruth, 'truth values, or 0 and 1');
  return { dtype: 'bool', shape: tensor.shape, data: Uint8Array.from(tensor.data) };
}

function refuseOther(
  data: Dataset,
  { name, dtype }: ModelInput,
  tensor: Tensor,
  fits: (value: number) => boolean,
  what: string,
): void {
  const at = tensor.data.findIndex((value) => !fits(value));
  if (at >= 0)
    throw new FormatError(
      data.source,
      `input '${name}' expects ${dtype}, got ${got(tensor)} whose element ${at} is ${tensor.data[at]}; it takes ${what}. Save the array as such.`,
    );
}

const CONVERSIONS: {
  readonly [T in DType]: (data: Dataset, input: ModelInput, tensor: Tensor) => Tensor;
} = { float32: toFloat, int32: toInt32, bool: toBool };

/**
 * Binds a dataset's arrays to the model's inputs: the result's arrays are keyed by input name and have
 * the input's type and shape, with the number of samples on axis 0 (a multiple of the batch where the model fixes it).
 * Arrays that no input names are left out. Throws a FormatError that says what was expected and what came.
 */
export function matchDataset(data: Dataset, inputs: readonly ModelInput[]): Dataset {
  if (inputs.length === 0)
    throw new FormatError(data.source, 'the open model has no inputs, so it takes no data.');
  const arrays = bind(data, inputs).map(([input, given]): [string, Tensor] => {
    const tensor = unflattened(input.shape, given);
    checkShape(data, input, tensor);
    return [input.name, CONVERSIONS[input.dtype ?? 'float32'](data, input, tensor)];
  });
  return { ...data, arrays: Object.fromEntries(arrays) };
}
