import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import { type NodeName, nodeName, paramName } from '../../graph/ids';
import { lint } from '../../graph/lint';
import type { Model } from '../../graph/model';
import { type Argument, inputsOf, type Node } from '../../graph/node';
import { assertSupported } from '../../graph/resolve';
import type { Shape } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { fileStem } from '../fileStem';
import type { OpenedModel } from '../openedModel';
import type { TensorFile } from '../pt/tensorFile';
import { firstIssue } from '../zodIssue';
import { addNode } from './addNode';
import { openPt2, type Pt2Archive, readMember } from './archive';
import { GraphBuilder } from './graphBuilder';
import { parsePythonJson } from './json';
import { type ExportedProgram, exportedProgram, type InputSpec } from './schema';
import { readPt2Tensors } from './tensors';
import { atenValue, isTensor, outputNames } from './value';

async function readProgram(archive: Pt2Archive): Promise<ExportedProgram> {
  const file = archive.source.name;
  const what = `member '${archive.program.name}'`;
  const parsed = exportedProgram.safeParse(
    parsePythonJson(await readMember(archive, archive.program), file, what),
  );
  if (parsed.success) return parsed.data;
  throw new FormatError(
    file,
    `${what} is no exported program that the studio reads (schema versions 4 to 8): ${firstIssue(parsed.error)}.`,
  );
}

/** What an exported program must not do: a graph of the studio changes nothing that outlives a run. */
function refuseMutations(file: string, program: ExportedProgram): void {
  for (const spec of program.graph_module.signature.output_specs) {
    const written =
      spec.buffer_mutation?.buffer_name ??
      spec.parameter_mutation?.parameter_name ??
      spec.user_input_mutation?.user_input_name;
    if (written !== undefined)
      throw new FormatError(
        file,
        `the program writes into '${written}' when it runs, as a model in training mode does. Call model.eval() before torch.export.export.`,
      );
    if (!spec.user_output)
      throw new FormatError(
        file,
        `the program has an output of the kind '${Object.keys(spec)[0] ?? 'none'}', which the studio does not read.`,
      );
  }
}

/** Binds one input of the program: a tensor of the model, or a placeholder, whose shape it returns. */
function bindInput(builder: GraphBuilder, spec: InputSpec): readonly [NodeName, Shape] | null {
  const { user_input: user, parameter, buffer, tensor_constant: constant } = spec;
  const held = parameter ?? buffer ?? constant;
  if (held) {
    const name = parameter?.parameter_name ?? buffer?.buffer_name ?? constant?.tensor_constant_name ?? '';
    if (!Object.hasOwn(builder.params, name))
      throw new FormatError(
        builder.file,
        `the program needs tensor '${name}', which the archive does not have.`,
      );
    builder.bind(held.arg.name, { kind: 'param', param: paramName(name), transposed: false });
    return null;
  }
  // A number that was given when the model was exported; the graph has it in its nodes.
  if (spec.constant_input) return null;
  const value = user ? atenValue(user.arg) : null;
  if (user && value === null) return null;
  if (!isTensor(value ?? undefined))
    throw new FormatError(
      builder.file,
      `the program has an input of the kind '${Object.keys(user?.arg ?? spec)[0] ?? 'none'}'; the studio reads tensors.`,
    );
  const [name] = user ? outputNames([user.arg]) : [];
  const placeholder = builder.placeholder(name ?? 'x');
  return [placeholder, builder.shapeOf(name ?? 'x')];
}

function addOutput(builder: GraphBuilder, program: ExportedProgram): void {
  const outputs = program.graph_module.signature.output_specs.flatMap(
    ({ user_output: output }): Argument[] => {
      const value = output ? atenValue(output.arg) : null;
      return value === null ? [] : [builder.argument(value, 'output')];
    },
  );
  const [only, ...more] = outputs;
  if (only === undefined) throw new FormatError(builder.file, 'the program returns nothing.');
  builder.nodes.push({
    name: nodeName('output'),
    op: 'output',
    target: 'output',
    args: [more.length === 0 ? only : outputs],
    kwargs: {},
  });
}

/** Nodes that something reads, and the inputs: tracing leaves some that only an assertion or a backward pass needed. */
function withoutDeadNodes(nodes: readonly Node[]): readonly Node[] {
  const read = new Set<NodeName>();
  const live = nodes.toReversed().filter((node) => {
    const isLive = node.op === 'placeholder' || node.op === 'output' || read.has(node.name);
    if (isLive) for (const input of inputsOf(node)) read.add(input);
    return isLive;
  });
  return live.reverse();
}

/** Names in the file of the nodes' results and inputs: helpers keep clear of them. */
const reservedNames = ({ graph_module: { graph } }: ExportedProgram): ReadonlySet<string> =>
  new Set([
    'output',
    ...graph.nodes.flatMap(({ outputs }) => outputNames(outputs).flatMap((name) => name ?? [])),
  ]);

function buildModel(
  source: ByteSource,
  program: ExportedProgram,
  weights: TensorFile,
  constants: TensorFile,
): Model {
  const { graph, signature } = program.graph_module;
  const tensors: Readonly<Record<string, Tensor>> = { ...constants.tensors, ...weights.tensors };
  const builder = new GraphBuilder(source.name, graph.tensor_values, reservedNames(program));
  Object.assign(builder.params, tensors);
  const shapes = signature.input_specs.flatMap((spec) => {
    const bound = bindInput(builder, spec);
    return bound ? [bound] : [];
  });
  for (const node of graph.nodes) addNode(node, builder);
  addOutput(builder, program);
  const parameters = signature.input_specs.flatMap(({ parameter }) => parameter?.parameter_name ?? []);
  const inModule = (name: string) =>
    Object.hasOwn(builder.modules, name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  return {
    name: fileStem(source.name),
    graph: { nodes: withoutDeadNodes(builder.nodes) },
    modules: builder.modules,
    params: builder.params,
    parameters: parameters.filter((name) => !inModule(name)).map(paramName),
    tied: weights.tied.map((names) => names.map(paramName)),
    inputShapes: Object.assign(Object.create(null), Object.fromEntries(shapes)),
  };
}

function checkModel(file: string, model: Model): void {
  try {
    // First, so that every op the studio does not know is in one list.
    assertSupported(model, new GraphIndex(model.graph));
    lint(model);
  } catch (error) {
    if (error instanceof GraphError) throw new FormatError(file, error.message, error.node);
    throw error;
  }
}

/**
 * Reads a torch.export archive (`.pt2`): the exported program as a graph of torch functions and, where tensors stand
 * under the path of a module, of modules of that path. Throws a FormatError that names the member, the node or the
 * tensor at fault, and an UnsupportedOpError that lists every op the studio does not know.
 */
export async function readPt2(source: ByteSource): Promise<OpenedModel> {
  const archive = await openPt2(source);
  const program = await readProgram(archive);
  refuseMutations(source.name, program);
  const weights = await readPt2Tensors(archive, archive.weights);
  const constants = await readPt2Tensors(archive, archive.constants);
  const model = buildModel(source, program, weights, constants);
  checkModel(source.name, model);
  const others = archive.otherModels;
  const left = others.length > 0 ? [`Left out: the further models ${others.join(', ')} of the archive.`] : [];
  return { model, format: 'pt2', onnx: null, notes: [...weights.notes, ...constants.notes, ...left] };
}
