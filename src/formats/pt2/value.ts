import type { SerializedArgument } from './schema';

/** An argument of an aten op, with what it refers to by the name in the file. */
export type AtenValue =
  | null
  | number
  | boolean
  | string
  | { readonly tensor: string }
  /** A number that another node computes from sizes. */
  | { readonly size: string }
  | { readonly scalarType: number }
  /** A form that no op of the table takes: a graph, a script object, a memory format. */
  | { readonly form: string }
  | readonly AtenValue[];

export const isValueList = (value: AtenValue | undefined): value is readonly AtenValue[] =>
  Array.isArray(value);

export const isTensor = (value: AtenValue | undefined): value is { readonly tensor: string } =>
  typeof value === 'object' && value !== null && !isValueList(value) && 'tensor' in value;

type SymIntArgument = NonNullable<SerializedArgument['as_sym_int']>;
type OptionalTensor = NonNullable<SerializedArgument['as_optional_tensor']>;

const symInt = (value: SymIntArgument): AtenValue =>
  'as_name' in value ? { size: value.as_name } : value.as_int;
const optional = (value: OptionalTensor): AtenValue =>
  'as_tensor' in value ? { tensor: value.as_tensor.name } : null;

/** The value of a serialized argument, whichever of its forms is set. */
export function atenValue(arg: SerializedArgument): AtenValue {
  const { as_tensor: tensor, as_tensors: tensors, as_sym_int: size, as_sym_ints: sizes } = arg;
  if (tensor) return { tensor: tensor.name };
  if (tensors) return tensors.map(({ name }) => ({ tensor: name }));
  if (arg.as_optional_tensor) return optional(arg.as_optional_tensor);
  if (arg.as_optional_tensors) return arg.as_optional_tensors.map(optional);
  if (size) return symInt(size);
  if (sizes) return sizes.map(symInt);
  if (arg.as_scalar_type !== undefined) return { scalarType: arg.as_scalar_type };
  const plain =
    arg.as_int ??
    arg.as_float ??
    arg.as_bool ??
    arg.as_string ??
    arg.as_ints ??
    arg.as_floats ??
    arg.as_bools ??
    arg.as_strings;
  if (plain !== undefined) return plain;
  const [form = 'as_none'] = Object.keys(arg);
  return form === 'as_none' ? null : { form };
}

/** The names of what a node or a graph gives: tensors, lists of them, sizes; null for anything else. */
export function outputNames(outputs: readonly SerializedArgument[]): readonly (string | null)[] {
  return outputs.flatMap((output): readonly (string | null)[] => {
    const value = atenValue(output);
    const items = isValueList(value) ? value : [value];
    return items.map((item) => {
      if (isTensor(item)) return item.tensor;
      return typeof item === 'object' && item !== null && 'size' in item ? item.size : null;
    });
  });
}
