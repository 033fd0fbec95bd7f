import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { z } from 'zod';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { type ByteSource, bytesSource } from '../byteSource';

/* Archives of graphs that PyTorch traced, and what it computes (e2e/oracle/exported_programs.py). For tests only. */

const FOLDER = new URL('../../../e2e/oracle/exported/', import.meta.url);
export const LAYOUTS = ['flat', 'packaged', 'raw'] as const;

export const archiveBytes = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`${name}.pt2`, FOLDER)));
export const archiveSource = (name: string): ByteSource => bytesSource(archiveBytes(name), `${name}.pt2`);

const stored = z.object({ shape: z.array(z.number()), values: z.array(z.number()) });
const EXPECTED = z
  .record(z.string(), z.object({ x: stored, y: stored }))
  .parse(JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')));

/** Input and output of a case; `tokens` reads whole numbers. */
export function expectedOf(name: 'images' | 'tokens'): { readonly x: Tensor; readonly y: Tensor } {
  const found = EXPECTED[name];
  if (!found) throw new Error(`expected.json has no '${name}'`);
  const { x, y } = found;
  const input: Tensor =
    name === 'tokens'
      ? { dtype: 'int32', shape: x.shape, data: Int32Array.from(x.values) }
      : floatTensor(x.shape, Float32Array.from(x.values));
  return { x: input, y: floatTensor(y.shape, Float32Array.from(y.values)) };
}

type Form = Readonly<Record<string, unknown>>;
export const tensorArg = (name: string): Form => ({ as_tensor: { name } });

export interface TestNode {
  readonly op: string;
  readonly inputs: Readonly<Record<string, Form>>;
  /** Name of its result, or the results in serialized form. */
  readonly output: string | readonly Form[];
}

export interface TestProgram {
  /** Shapes of inputs and results; a string is a symbol. */
  readonly shapes: Readonly<Record<string, readonly (number | string)[]>>;
  readonly nodes: readonly TestNode[];
  /** Name in the graph → name in the state dict. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly weights?: Readonly<Record<string, Tensor>>;
  readonly output: string;
  readonly outputSpecs?: readonly Form[];
}

const sizeForm = (size: number | string): Form =>
  typeof size === 'number'
    ? { as_int: size }
    : { as_expr: { expr_str: `Symbol('${size}', positive=True, integer=True)`, hint: { as_int: 2 } } };

const metaOf = (shape: readonly (number | string)[], dtype = 7): Form => {
  let step = 1;
  const strides = shape
    .toReversed()
    .map((size) => {
      const stride = { as_int: step };
      step *= typeof size === 'number' ? size : 1;
      return stride;
    })
    .reverse();
  return {
    dtype,
    sizes: shape.map(sizeForm),
    strides,
    storage_offset: { as_int: 0 },
    layout: 7,
    device: { type: 'cpu', index: null },
    requires_grad: false,
  };
};

/** What torch.export writes as `model.json`, by pytorch's torch/_export/serde/schema.py. */
const programJson = (program: TestProgram) => ({
  graph_module: {
    graph: {
      inputs: [],
      outputs: [tensorArg(program.output)],
      nodes: program.nodes.map(({ op, inputs, output }) => ({
        target: op.includes('.ops.') || op.startsWith('_operator.') ? op : `torch.ops.aten.${op}`,
        inputs: Object.entries(inputs).map(([key, arg]) => ({ name: key, arg, kind: 1 })),
        outputs: typeof output === 'string' ? [tensorArg(output)] : output,
        metadata: {},
      })),
      tensor_values: Object.fromEntries(
        Object.entries(program.shapes).map(([key, shape]) => [key, metaOf(shape)]),
      ),
      sym_int_values: {},
      sym_bool_values: {},
    },
    signature: {
      input_specs: inputSpecs(program),
      output_specs: program.outputSpecs ?? [{ user_output: { arg: tensorArg(program.output) } }],
    },
    module_call_graph: [],
  },
  opset_version: { aten: 10 },
  range_constraints: {},
  schema_version: { major: 8, minor: 2 },
});

/** Parameters by name; what no node makes is an input of the user. */
function inputSpecs({ parameters = {}, shapes, nodes }: TestProgram): readonly object[] {
  const users = Object.keys(shapes).filter(
    (value) => !nodes.some(({ output }) => output === value) && !Object.hasOwn(parameters, value),
  );
  const isInput = (value: string) => !value.includes('.');
  return [
    ...Object.entries(parameters).map(([arg, target]) => ({
      parameter: { arg: { name: arg }, parameter_name: target },
    })),
    ...users.filter(isInput).map((user) => ({ user_input: { arg: tensorArg(user) } })),
  ];
}

/** A program in an archive with raw storages. */
export function archiveOf(program: TestProgram, name = 'net.pt2'): ByteSource {
  const { weights = {} } = program;
  const config = Object.fromEntries(
    Object.entries(weights).map(([key, tensor], at) => [
      key,
      { path_name: `weight_${at}`, is_param: true, use_pickle: false, tensor_meta: metaOf(tensor.shape) },
    ]),
  );
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const members: Record<string, Uint8Array> = {
    archive_format: new TextEncoder().encode('pt2'),
    'models/model.json': text(programJson(program)),
    'data/weights/model_weights_config.json': text({ config }),
  };
  Object.values(weights).forEach(({ data }, at) => {
    members[`data/weights/weight_${at}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  return bytesSource(zipSync(members, { level: 0 }), name);
}
