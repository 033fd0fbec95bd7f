import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import { lint } from '../../graph/lint';
import type { Attribute, Model, ModuleSpec } from '../../graph/model';
import { type Argument, isList, type Node } from '../../graph/node';
import type { OpCall, OpName } from '../../graph/op';
import { opOf } from '../../graph/resolve';
import { isQuantizedCall } from '../../graph/resolve/resolveQuantized';
import type { FilePart } from '../byteSource';
import { safetensorsParts, writeSafetensors } from '../safetensors/write';
import { FX_VERSION } from './graphJson';
import { FX_KEY, PARAMETERS_KEY, TIED_KEY } from './read';

/** Ops of the prepared and the quantized graph; the file holds the float model alone. */
const NOT_FLOAT: ReadonlySet<OpName> = new Set([
  'observer',
  'equalization_observer',
  'quantize_per_tensor',
  'dequantize',
  'quantize_per_channel',
]);

function checkFloat(model: Model): void {
  lint(model);
  const index = new GraphIndex(model.graph);
  for (const node of model.graph.nodes) {
    const call = opOf(model, index, node);
    const { op } = call;
    checkTarget(node);
    checkWindow(node.name, call);
    if (NOT_FLOAT.has(op) || isQuantizedCall(call))
      throw new GraphError(
        `internal: node '${node.name}' (${op}) does not belong to the float model, the only one that an FX model file holds.`,
        node.name,
      );
  }
}

/** What the readers name after ONNX's op, since no function of PyTorch does it. */
function checkTarget({ name, op, target }: Node): void {
  if (op === 'call_function' && target.startsWith('onnx.'))
    throw new GraphError(
      `Node '${name}' calls ${target}, which PyTorch has not. Export Model (.onnx) instead.`,
      name,
    );
}

/** Windows that ONNX has and PyTorch's modules and functions have not. */
function checkWindow(name: NodeName, { op, attrs }: OpCall): void {
  if (op !== 'conv' && op !== 'conv_transpose' && op !== 'max_pool' && op !== 'avg_pool') return;
  const { padding } = attrs;
  const isSame = op === 'conv' && attrs.stride.every((step) => step === 1);
  const isUneven =
    typeof padding === 'string' || (padding.some(([before, behind]) => before !== behind) && !isSame);
  if (isUneven)
    throw new GraphError(
      `Node '${name}' (${op}) pads ${typeof padding === 'string' ? `as ONNX's auto_pad ${padding.toUpperCase()}` : `[${padding.map((pair) => pair.join('/')).join(', ')}] before and behind`}, which PyTorch's ${op} cannot. Export Model (.onnx) instead.`,
      name,
    );
  if (op === 'avg_pool' && attrs.dilation.some((step) => step !== 1))
    throw new GraphError(
      `Node '${name}' (avg_pool) has dilation [${attrs.dilation.join(', ')}], which PyTorch's averages have not. Export Model (.onnx) instead.`,
      name,
    );
}

/** JSON.stringify turns NaN and infinities into null; that must not pass for the value. */
function checkFinite(value: Argument | Attribute, owner: string): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new GraphError(`${owner} has the argument ${value}, which a JSON graph cannot hold.`);
  if (typeof value !== 'object' || value === null) return;
  const parts: readonly (Argument | Attribute)[] = isList(value) ? value : Object.values(value);
  for (const part of parts) checkFinite(part, owner);
}

/** The keys in the order of FORMATS' example, and nothing else that a node object may carry. */
function nodeJson({ name, op, target, args, kwargs }: Node) {
  for (const value of [...args, ...Object.values(kwargs)]) checkFinite(value, `Node '${name}'`);
  return { name, op, target, args, kwargs };
}

/** Modules that nodes call, in the order of their first call. */
function modulesJson(model: Model): Readonly<Record<string, ModuleSpec>> {
  const entries = model.graph.nodes.flatMap((node): [string, ModuleSpec][] => {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    return spec ? [[node.target, { type: spec.type, attrs: spec.attrs }]] : [];
  });
  for (const [name, spec] of entries) checkFinite(Object.values(spec.attrs), `Module '${name}'`);
  return Object.fromEntries(entries);
}

/**
 * An FX model file, in parts, for a float model, equalized or not. Reading them back gives the same nodes, the
 * modules that they call, every tensor bit for bit, and which of them are parameters. Shapes of inputs have no place in the format and are left
 * out. Throws a GraphError for a model that lint refuses or that holds observers or quantized ops.
 */
export function fxParts(model: Model): readonly FilePart[] {
  return safetensorsParts(model.params, fxMetadata(model));
}

/** The same as one array of bytes. */
export const writeFx = (model: Model): Uint8Array => writeSafetensors(model.params, fxMetadata(model));

function fxMetadata(model: Model): Readonly<Record<string, string>> {
  checkFloat(model);
  const graph = { version: FX_VERSION, nodes: model.graph.nodes.map(nodeJson), modules: modulesJson(model) };
  const parameters = (model.parameters ?? []).filter((name) => Object.hasOwn(model.params, name)).toSorted();
  const tied = (model.tied ?? []).filter((names) => names.every((name) => Object.hasOwn(model.params, name)));
  return {
    format: 'pt',
    [FX_KEY]: JSON.stringify(graph),
    ...(tied.length > 0 ? { [TIED_KEY]: JSON.stringify(tied) } : {}),
    ...(parameters.length > 0 ? { [PARAMETERS_KEY]: JSON.stringify(parameters) } : {}),
  };
}
