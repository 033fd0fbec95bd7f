import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import { inputsOf, isNodeRef, type Node } from '../../graph/node';
import { sizeNodes } from '../../graph/sizes';
import type { SemanticsDifference } from '../comparisonView';
import { insertedNodes, misledReaders } from './scaledValues';
import { type BothRuns, layerNames, originOf } from './semanticsDifference';
import type { SemanticsRun } from './semanticsRun';

/** Nodes to which PyTorch hands a scaled value that nothing divides out: a second reader, a residual, the output. */
export function misledDifferences(
  { exact, pytorch }: BothRuns,
  scaled: ReadonlyMap<NodeName, NodeName>,
): readonly SemanticsDifference[] {
  const inserted = insertedNodes(pytorch);
  const layers = layerNames(exact);
  return misledReaders(pytorch, scaled).map(({ reader, value, source }) => {
    const origin = originOf(pytorch, inserted, value);
    const cause = inserted.has(source) ? `behind ${source}` : `as the scaled rows of ${source} make it`;
    const layer = layers.has(reader.name) ? reader.name : layers.has(origin) ? origin : null;
    return {
      node: reader.name,
      also: [],
      layer,
      exact: `Exact lets ${reader.name} read ${origin} as it always was.`,
      pytorch: `PyTorch lets ${reader.name} read ${origin} ${cause}: it sees scaled values, and nothing divides the scale out.`,
    };
  });
}

/** What stands between a node and a value of the user's graph. */
type Stop = 'observer' | 'mul';

/** Nodes that read their values in another way: observed or not, multiplied or not. */
export function readerDifferences({ exact, pytorch }: BothRuns): readonly SemanticsDifference[] {
  const theirs = waysOf(pytorch);
  const layers = layerNames(exact);
  return [...waysOf(exact)].flatMap(([name, ours]) => {
    const other = theirs.get(name);
    if (!other || other.join() === ours.join()) return [];
    const layer = layers.has(name) ? name : null;
    const text = (who: string, ways: readonly string[]) => `${who} lets ${name} read ${ways.join(' and ')}.`;
    return [{ node: name, also: [], layer, exact: text('Exact', ours), pytorch: text('PyTorch', other) }];
  });
}

/** For every node of the user's graph: how it reads each of its inputs. A size is the same, whatever it is read from. */
function waysOf(run: SemanticsRun): ReadonlyMap<NodeName, readonly string[]> {
  const inserted = insertedNodes(run);
  const index = new GraphIndex(run.equalized.model.graph);
  const sizes = sizeNodes(index);
  const nodes = run.equalized.model.graph.nodes.filter(
    (node) => !inserted.has(node.name) && !sizes.has(node.name),
  );
  return new Map(
    nodes.map((node) => [node.name, inputsOf(node).map((input) => wayOf(run, index, inserted, input))]),
  );
}

function wayOf(
  run: SemanticsRun,
  index: GraphIndex,
  inserted: ReadonlySet<NodeName>,
  input: NodeName,
): string {
  const stops: Stop[] = [];
  let node: Node = index.get(input);
  while (inserted.has(node.name)) {
    const isObserver = node.op === 'call_module' && run.equalized.model.observers[node.target];
    stops.unshift(isObserver ? 'observer' : 'mul');
    const [next] = node.args;
    if (!isNodeRef(next)) break;
    node = index.get(next.node);
  }
  return wayText(node.name, stops);
}

function wayText(value: NodeName, stops: readonly Stop[]): string {
  const muls = stops.filter((stop) => stop === 'mul').length;
  const scaled = muls > 0 ? `${value} multiplied by an equalization scale` : value;
  const observers = stops.length - muls;
  if (observers === 0) return `${scaled}, unobserved`;
  return observers === 1 ? `${scaled} through an observer` : `${scaled} through ${observers} observers`;
}
