import { type Graph, GraphIndex } from './graph';
import { type Argument, isList, isNodeRef, type Node } from './node';

/** A Python literal of an argument, as torch/fx/node.py formats it: nodes as `%name`, tuples of one as `(a,)`. */
function printArgument(arg: Argument): string {
  if (arg === null) return 'None';
  if (typeof arg === 'boolean') return arg ? 'True' : 'False';
  if (typeof arg === 'number') return String(arg);
  if (typeof arg === 'string') return arg;
  if (isList(arg)) return `[${arg.map(printArgument).join(', ')}]`;
  if ('node' in arg) return `%${arg.node}`;
  if ('dtype' in arg) return arg.dtype;
  if ('ellipsis' in arg) return '...';
  if ('slice' in arg) return `slice(${arg.slice.map(printArgument).join(', ')})`;
  return `{${printEntries(arg.dict)}}`;
}

const printEntries = (entries: Readonly<Record<string, Argument>>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key}: ${printArgument(value)}`)
    .join(', ');

const printTuple = (args: readonly Argument[]): string =>
  args.length === 1 ? `(${printArgument(args[0] ?? null)},)` : `(${args.map(printArgument).join(', ')})`;

/**
 * One line of FX's text form (torch/fx/node.py, `Node.format_node`), without indentation. The output prints as
 * `return …`, a list of outputs as a tuple.
 */
export function printNode(node: Node, users: number): string {
  const head = `%${node.name} : [#users=${users}] = ${node.op}[target=${node.target}]`;
  switch (node.op) {
    case 'placeholder':
    case 'get_attr':
      return head;
    case 'output': {
      const value = node.args[0] ?? null;
      if (isNodeRef(value)) return `return ${value.node}`;
      return isList(value)
        ? `return ${printTuple(value).replaceAll('%', '')}`
        : `return ${printArgument(value)}`;
    }
    default:
      return `${head}(args = ${printTuple(node.args)}, kwargs = {${printEntries(node.kwargs)}})`;
  }
}

/** The whole graph as `str(graph)` prints it in PyTorch 1.13 (torch/fx/graph.py, `Graph.__str__`). */
export function printGraph(graph: Graph): string {
  const index = new GraphIndex(graph);
  const lines = graph.nodes.map((node) => `    ${printNode(node, index.users(node.name).length)}`);
  return ['graph():', ...lines].join('\n');
}
