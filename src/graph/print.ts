import { type Graph, GraphIndex } from './graph';
import { type Argument, isList, type Node } from './node';

/** An argument as FX formats it (torch/fx/node.py, `_format_arg`): nodes as `%name`, strings as they are. */
function printArgument(arg: Argument): string {
  if (typeof arg === 'string') return arg;
  if (typeof arg !== 'object' || arg === null) return repr(arg);
  if (isList(arg)) return `[${arg.map(printArgument).join(', ')}]`;
  if ('node' in arg) return `%${arg.node}`;
  return 'dict' in arg ? `{${printEntries(arg.dict)}}` : repr(arg);
}

const printEntries = (entries: Readonly<Record<string, Argument>>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key}: ${printArgument(value)}`)
    .join(', ');

/** The arguments of a call; a tuple of one is `(a,)`. */
const printTuple = (items: readonly string[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

/** Python's own `repr`, which FX leaves the rest to: nodes by their bare name, strings in quotes. */
function repr(arg: Argument): string {
  if (arg === null) return 'None';
  if (typeof arg === 'boolean') return arg ? 'True' : 'False';
  if (typeof arg === 'number') return printNumber(arg);
  if (typeof arg === 'string') return quote(arg);
  if (isList(arg)) return `[${arg.map(repr).join(', ')}]`;
  if ('node' in arg) return arg.node;
  if ('dtype' in arg) return arg.dtype;
  if ('ellipsis' in arg) return 'Ellipsis';
  if ('slice' in arg) return `slice(${arg.slice.map(repr).join(', ')})`;
  const entries = Object.entries(arg.dict).map(([key, value]) => `${quote(key)}: ${repr(value)}`);
  return `{${entries.join(', ')}}`;
}

const quote = (text: string): string =>
  text.includes("'") && !text.includes('"')
    ? `"${text.replaceAll('\\', '\\\\')}"`
    : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** As Python prints it: an exponent of at least two digits below 1e-4. JSON does not tell `1.0` from `1`: both are `1`. */
function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

/**
 * One line of FX's text form (torch/fx/node.py, `Node.format_node`), without indentation. The output prints as
 * `return …`, a list of outputs as a tuple.
 */
export function printNode(node: Node, users: number): string {
  const head = `%${node.name} : [#users=${users}] = ${node.op}[target=${node.target}]`;
  switch (node.op) {
    case 'placeholder': {
      const [fallback] = node.args;
      if (fallback === undefined) return head;
      return `${head}(default=${typeof fallback === 'string' ? fallback : repr(fallback)})`;
    }
    case 'get_attr':
      return head;
    case 'output': {
      const value = node.args[0] ?? null;
      if (typeof value === 'string') return `return ${value}`;
      return `return ${isList(value) ? printTuple(value.map(repr)) : repr(value)}`;
    }
    default:
      return `${head}(args = ${printTuple(node.args.map(printArgument))}, kwargs = {${printEntries(node.kwargs)}})`;
  }
}

/** The whole graph as `str(graph)` prints it in PyTorch 1.13 (torch/fx/graph.py, `Graph.__str__`). */
export function printGraph(graph: Graph): string {
  const index = new GraphIndex(graph);
  const lines = graph.nodes.map((node) => `    ${printNode(node, index.users(node.name).length)}`);
  return ['graph():', ...lines].join('\n');
}
