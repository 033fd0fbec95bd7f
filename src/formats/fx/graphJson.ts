import { moduleName, nodeName, paramName } from '../../graph/ids';
import type { Attribute, ModuleSpec } from '../../graph/model';
import type { Argument, Node, Opcode } from '../../graph/node';
import { FormatError } from '../errors';
import { parsedJson } from '../parsedJson';
import { z } from '../zod';
import { firstIssue } from '../zodIssue';
import { MAX_ARGUMENT_DEPTH, parseArgument, parseRecord } from './argument';

/** The version of the graph's JSON form that the studio reads and writes. */
export const FX_VERSION = 1;

/** The graph as the file states it; its references are not checked yet. */
export interface FxGraph {
  readonly nodes: readonly Node[];
  readonly modules: Readonly<Record<string, ModuleSpec>>;
}

const OPCODES = [
  'placeholder',
  'get_attr',
  'call_function',
  'call_module',
  'call_method',
  'output',
] as const satisfies readonly Opcode[];

const graphSchema = z.strictObject({
  version: z.literal(FX_VERSION),
  nodes: z.array(z.unknown()),
  modules: z.record(z.string(), z.unknown()),
});
const nodeSchema = z.strictObject({
  name: z.string().min(1),
  op: z.enum(OPCODES),
  target: z.string().min(1),
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
});
const moduleSchema = z.strictObject({
  type: z.string().min(1),
  attrs: z.record(z.string(), z.unknown()),
});
const namedSchema = z.object({ name: z.string().min(1) });

/** Parses the JSON text under a key of the metadata. */
export function parseJson(file: string, key: string, text: string): unknown {
  try {
    return parsedJson(text);
  } catch (reason) {
    throw new FormatError(
      file,
      `the text under the key '${key}' is not JSON (${reason instanceof Error ? reason.message : String(reason)}). Write the file again with the exporter.`,
    );
  }
}

/** Control characters and line breaks: the studio writes lists of names a line each, and shows them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const escaped = (name: string): string =>
  name.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Throws the FormatError of a name that would be two lines, and so two edges one. */
function checkPrintable(file: string, name: string, position: number): void {
  const shown = escaped(name);
  if (shown === name) return;
  throw new FormatError(
    file,
    `node ${position + 1}: its name '${shown}' has a control character or a line break, which no name may have. Write the file again with the studio's exporter, or rename the node there and where others read it: letters, digits and _ are safe.`,
    name,
  );
}

function parseNode(file: string, value: unknown, position: number): Node {
  const named = namedSchema.safeParse(value);
  if (named.success) checkPrintable(file, named.data.name, position);
  const title = named.success ? `node '${named.data.name}'` : `node ${position + 1}`;
  const fail = (problem: string): never => {
    throw new FormatError(file, `${title}: ${problem}.`, named.success ? named.data.name : null);
  };
  const parsed = nodeSchema.safeParse(value);
  if (!parsed.success) return fail(firstIssue(parsed.error));
  const { name, op, target, kwargs, args } = parsed.data;
  const common = {
    name: nodeName(name),
    args: args.map((arg) => parseArgument(arg, fail)),
    kwargs: parseRecord(kwargs, fail),
  };
  if (op === 'output' && common.args.length !== 1)
    return fail(`an output node has one argument, what the model returns; got ${common.args.length}`);
  return withTarget(op, target, common);
}

/** What PyTorch 1.13's own text calls some functions of `torch.nn.functional`, which a hand-written file may hold. */
const BUILT_IN = /^torch\._C\._nn\.(linear|gelu|avg_pool2d|avg_pool3d)$/;

/** Joins opcode and target: which brand a target's name has depends on the opcode. */
function withTarget(
  op: Opcode,
  target: string,
  common: {
    readonly name: Node['name'];
    readonly args: readonly Argument[];
    readonly kwargs: Readonly<Record<string, Argument>>;
  },
): Node {
  switch (op) {
    case 'call_module':
      return { ...common, op, target: moduleName(target) };
    case 'get_attr':
      return { ...common, op, target: paramName(target) };
    case 'call_function':
      return { ...common, op, target: target.replace(BUILT_IN, 'torch.nn.functional.$1') };
    case 'placeholder':
    case 'call_method':
    case 'output':
      return { ...common, op, target };
    default:
      return op satisfies never;
  }
}

function parseAttribute(value: unknown, fail: (problem: string) => never, depth = 0): Attribute {
  if (depth > MAX_ARGUMENT_DEPTH) return fail(`nests deeper than ${MAX_ARGUMENT_DEPTH} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => parseAttribute(item, fail, depth + 1));
  return fail(
    `must be a number, a string, a boolean, null or an array of those, got ${JSON.stringify(value)}`,
  );
}

function parseModule(file: string, name: string, value: unknown): ModuleSpec {
  const parsed = moduleSchema.safeParse(value);
  if (!parsed.success) throw new FormatError(file, `module '${name}': ${firstIssue(parsed.error)}.`);
  const attrs = Object.entries(parsed.data.attrs).map(([key, attr]): [string, Attribute] => {
    const fail = (problem: string): never => {
      throw new FormatError(file, `module '${name}': attribute '${key}' ${problem}.`);
    };
    return [key, parseAttribute(attr, fail)];
  });
  return { type: parsed.data.type, attrs: Object.fromEntries(attrs) };
}

/** Parses the JSON text under the key `fx`. A FormatError names the node or module that breaks the form. */
export function parseFxGraph(file: string, text: string): FxGraph {
  const parsed = graphSchema.safeParse(parseJson(file, 'fx', text));
  if (!parsed.success)
    throw new FormatError(
      file,
      `the graph under the key 'fx' is not of version ${FX_VERSION}: ${firstIssue(parsed.error)}.`,
    );
  const { nodes, modules } = parsed.data;
  return {
    nodes: nodes.map((node, position) => parseNode(file, node, position)),
    modules: Object.fromEntries(
      Object.entries(modules).map(([name, spec]) => [name, parseModule(file, name, spec)]),
    ),
  };
}
