import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import { type ParamName, paramName } from '../../graph/ids';
import { lint } from '../../graph/lint';
import type { Model, ModuleSpec } from '../../graph/model';
import { inputsOf, type Node } from '../../graph/node';
import { assertSupported } from '../../graph/resolve';
import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { fileStem } from '../fileStem';
import type { OpenedModel } from '../openedModel';
import type { TensorFile } from '../pt/tensorFile';
import { readSafetensorsHeader, type SafetensorsHeader } from '../safetensors/header';
import { conversionNotes, readTensors } from '../safetensors/read';
import { PlainWeightsError, tensorsText } from '../weightsFile';
import { z } from '../zod';
import { firstIssue } from '../zodIssue';
import { type FxGraph, parseFxGraph, parseJson } from './graphJson';

/** The key of `__metadata__` that holds the graph. */
export const FX_KEY = 'fx';

function graphOf(source: ByteSource, header: SafetensorsHeader): FxGraph {
  const text = Object.hasOwn(header.metadata, FX_KEY) ? header.metadata[FX_KEY] : undefined;
  if (text !== undefined) return parseFxGraph(source.name, text);
  const entries = header.entries.map(({ name, shape, type }) => ({ name, shape, isFloat: /f\d/.test(type) }));
  throw new PlainWeightsError(
    {
      file: source.name,
      format: 'fx',
      entries,
      inModuleOrder: false,
      load: () => loadWeights(source, header),
    },
    `is a plain weights file: ${tensorsText(entries)} but no graph. Write the model in PyTorch with the studio's exporter (a .safetensors file with the graph under the key '${FX_KEY}') or with torch.onnx.export.`,
  );
}

const loadWeights = async (source: ByteSource, { entries }: SafetensorsHeader): Promise<TensorFile> => ({
  tensors: await readTensors(source, entries),
  parameters: [],
  tied: [],
  notes: conversionNotes(entries),
});

/** The key of `__metadata__` that lists, as a JSON array, the tensors outside of modules that are `nn.Parameter`. */
export const PARAMETERS_KEY = 'parameters';
/** The key that lists groups of tensors that are one. */
export const TIED_KEY = 'tied';

/** What a key of the metadata lists, checked; `null` of a file without the key. */
function listed<T>(
  file: string,
  { metadata }: SafetensorsHeader,
  key: string,
  schema: z.ZodType<T>,
  what: string,
): T | null {
  const text = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (text === undefined) return null;
  const parsed = schema.safeParse(parseJson(file, key, text));
  if (parsed.success) return parsed.data;
  throw new FormatError(file, `the key '${key}' must list ${what}: ${firstIssue(parsed.error)}.`);
}

function checkNamed(file: string, key: string, { entries }: SafetensorsHeader, names: readonly string[]) {
  const tensors = new Set(entries.map((entry) => entry.name));
  const missing = names.find((name) => !tensors.has(name));
  if (missing !== undefined)
    throw new FormatError(file, `the key '${key}' names tensor '${missing}', which the file does not have.`);
}

/** A file without the key has none: all tensors outside of modules are then buffers, as PyTorch's reader makes them. */
function parametersOf(file: string, header: SafetensorsHeader): readonly ParamName[] {
  const names = listed(file, header, PARAMETERS_KEY, z.array(z.string()), 'names of tensors') ?? [];
  checkNamed(file, PARAMETERS_KEY, header, names);
  return names.map(paramName);
}

function tiedOf(file: string, header: SafetensorsHeader): readonly (readonly ParamName[])[] {
  const schema = z.array(z.array(z.string()));
  const groups = listed(file, header, TIED_KEY, schema, 'groups of names of tensors') ?? [];
  checkNamed(file, TIED_KEY, header, groups.flat());
  return groups.map((names) => names.map(paramName));
}

/** What `lint` cannot see: names that exist only on JavaScript's own objects, and a model that returns nothing. */
function checkReferences(file: string, graph: FxGraph, header: SafetensorsHeader): void {
  const tensors = new Set(header.entries.map((entry) => entry.name));
  const fail = (node: Node, problem: string): never => {
    throw new FormatError(file, `node '${node.name}' ${problem}.`, node.name);
  };
  for (const node of graph.nodes) {
    if (node.op === 'get_attr' && !tensors.has(node.target))
      fail(node, `reads tensor '${node.target}', which the file does not have`);
    if (node.op === 'call_module' && !Object.hasOwn(graph.modules, node.target))
      fail(node, `calls module '${node.target}', which 'modules' does not have`);
    if (node.op === 'output' && inputsOf(node).length === 0) fail(node, 'returns no node of the graph');
  }
}

function checkModel(file: string, model: Model): void {
  try {
    checkPublicTypes(model);
    lint(model);
    assertSupported(model, new GraphIndex(model.graph));
  } catch (error) {
    if (error instanceof GraphError) throw new FormatError(file, error.message, error.node);
    throw error;
  }
}

/** A file holds the user's float model: observers, fused and quantized modules are the studio's own doing. */
function checkPublicTypes(model: Model): void {
  for (const [name, { type }] of Object.entries<ModuleSpec>(model.modules))
    if (/^torch\.(ao|nn\.(intrinsic|quantized|qat))\./.test(type))
      throw new GraphError(
        `Module '${name}' is ${type}. The studio opens float models with public torch.nn modules, before prepare_fx and fusion.`,
      );
}

/** Splits off the modules that no node calls: they have no meaning in the graph. */
function calledModules(graph: FxGraph): {
  readonly modules: Readonly<Record<string, ModuleSpec>>;
  readonly unused: readonly string[];
} {
  const called = new Set<string>(
    graph.nodes.flatMap((node) => (node.op === 'call_module' ? [node.target] : [])),
  );
  const entries = Object.entries(graph.modules);
  return {
    modules: Object.fromEntries(entries.filter(([name]) => called.has(name))),
    unused: entries.map(([name]) => name).filter((name) => !called.has(name)),
  };
}

/**
 * Reads an FX model file: safetensors whose metadata carries the graph. Throws a FormatError that names the node
 * or tensor at fault, and an UnsupportedOpError that lists every op the studio does not know.
 */
export async function readFx(source: ByteSource): Promise<OpenedModel> {
  const header = await readSafetensorsHeader(source);
  const graph = graphOf(source, header);
  checkReferences(source.name, graph, header);
  const { modules, unused } = calledModules(graph);
  const model: Model = {
    name: fileStem(source.name),
    graph: { nodes: graph.nodes },
    modules,
    params: await readTensors(source, header.entries),
    parameters: parametersOf(source.name, header),
    tied: tiedOf(source.name, header),
    // Without a prototype, so that an input named 'constructor' does not find one.
    inputShapes: Object.create(null),
  };
  checkModel(source.name, model);
  const ignored = unused.length > 0 ? [`No node calls ${unused.join(', ')}: left out of the graph.`] : [];
  return { model, format: 'fx', onnx: null, notes: [...conversionNotes(header.entries), ...ignored] };
}
