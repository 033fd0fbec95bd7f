import { z } from '../zod';

/*
 * The part of torch.export's serialized form that the studio reads (pytorch, torch/_export/serde/schema.py, versions 4
 * to 8). Unions are objects with one key. What is not listed here is not read.
 */

const named = z.object({ name: z.string() });
const symInt = z.union([
  z.object({ as_int: z.number() }),
  z.object({ as_expr: z.object({ expr_str: z.string() }) }),
]);
/** Python's infinities and NaN, which JSON has no numbers for. */
const float = z.union([
  z.number(),
  z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY),
  z.literal('-Infinity').transform(() => Number.NEGATIVE_INFINITY),
  z.literal('NaN').transform(() => Number.NaN),
]);
const symIntArgument = z.union([z.object({ as_name: z.string() }), z.object({ as_int: z.number() })]);
const optionalTensor = z.union([z.object({ as_tensor: named }), z.object({ as_none: z.unknown() })]);

/** Every form of an argument that an op of the table may have; a form not listed is kept by its name alone. */
const FORMS = {
  as_none: z.unknown(),
  as_tensor: named,
  as_tensors: z.array(named),
  as_optional_tensor: optionalTensor,
  as_optional_tensors: z.array(optionalTensor),
  as_int: z.number(),
  as_ints: z.array(z.number()),
  as_float: float,
  as_floats: z.array(float),
  as_bool: z.boolean(),
  as_bools: z.array(z.boolean()),
  as_string: z.string(),
  as_strings: z.array(z.string()),
  as_sym_int: symIntArgument,
  as_sym_ints: z.array(symIntArgument),
  as_scalar_type: z.number(),
} as const;

const argument = z.looseObject(FORMS).partial();
export type SerializedArgument = z.infer<typeof argument>;

const node = z.object({
  target: z.string(),
  inputs: z.array(z.object({ name: z.string(), arg: argument })),
  outputs: z.array(argument),
  name: z.string().nullish(),
});
export type SerializedNode = z.infer<typeof node>;

export const tensorMeta = z.object({
  dtype: z.number(),
  sizes: z.array(symInt),
  strides: z.array(symInt).optional(),
  storage_offset: symInt.optional(),
});
export type TensorMeta = z.infer<typeof tensorMeta>;
export type SymInt = z.infer<typeof symInt>;

const inputSpec = z
  .looseObject({
    user_input: z.object({ arg: argument }),
    parameter: z.object({ arg: named, parameter_name: z.string() }),
    buffer: z.object({ arg: named, buffer_name: z.string() }),
    tensor_constant: z.object({ arg: named, tensor_constant_name: z.string() }),
    constant_input: z.object({ name: z.string() }),
  })
  .partial();
export type InputSpec = z.infer<typeof inputSpec>;

const outputSpec = z
  .looseObject({
    user_output: z.object({ arg: argument }),
    buffer_mutation: z.object({ buffer_name: z.string() }),
    user_input_mutation: z.object({ user_input_name: z.string() }),
    parameter_mutation: z.object({ parameter_name: z.string() }),
  })
  .partial();

export const exportedProgram = z.object({
  graph_module: z.object({
    graph: z.object({
      nodes: z.array(node),
      tensor_values: z.record(z.string(), tensorMeta),
    }),
    signature: z.object({ input_specs: z.array(inputSpec), output_specs: z.array(outputSpec) }),
  }),
  schema_version: z.object({ major: z.number() }).optional(),
});
export type ExportedProgram = z.infer<typeof exportedProgram>;

/** `data/weights/NAME_weights_config.json`: which file of raw bytes each tensor is a view of. */
export const payloadConfig = z.object({
  config: z.record(
    z.string(),
    z.object({
      path_name: z.string(),
      is_param: z.boolean(),
      use_pickle: z.boolean(),
      tensor_meta: tensorMeta.nullish(),
    }),
  ),
});
export type PayloadConfig = z.infer<typeof payloadConfig>;
export type Payload = PayloadConfig['config'][string];
