import type { ChangeView, EdgeView, FormView, NodeView, StepView } from '../../src/index';
import type { InParts } from '../inParts';
import { inBytes } from './packedText';

/*
 * A browser reads a message whole, in one task, and takes microseconds for each property of each object in it: a step of
 * thousands of nodes would keep the page for longer than a user should feel. So its lists cross as texts of JSON, which are read
 * one by one, and its edges as pairs of numbers.
 */

/** With the number of its module path in the place of the path. */
type NodeRow = readonly [Omit<NodeView, 'path'>, path: number];
type ChangeRow = readonly [ChangeView['kind'], ChangeView['nodes'], sentence: string];

interface PackedForm {
  readonly nodes: readonly string[];
  /** Each once: nodes of one module share one array on the page. */
  readonly paths: readonly (readonly string[])[];
  /** Positions of the nodes that an edge leads from and to, one pair after the other. */
  readonly edges: Int32Array;
  readonly text: string;
  readonly changes: readonly string[];
}

/** A step's view as it crosses the worker's border. */
export interface PackedStepView {
  readonly rest: Omit<StepView, 'changes' | 'graph' | 'forms'>;
  /** Of convert: its reference form, then its lowered one where there is one. Of any other step: its only one. */
  readonly forms: readonly PackedForm[];
  /** Of convert; null for another step. */
  readonly formsError: { readonly error: NonNullable<StepView['forms']>['error'] } | null;
}

/** Elements in one text: reading one takes a millisecond or two. */
const PIECE = 400;

const pieces = <T>(list: readonly T[], row: (element: T) => unknown): readonly string[] =>
  Array.from({ length: Math.ceil(list.length / PIECE) }, (_, piece) =>
    inBytes(JSON.stringify(list.slice(piece * PIECE, (piece + 1) * PIECE).map(row))),
  );

function packForm({ graph, changes }: FormView): PackedForm {
  const paths = new Map<string, { readonly number: number; readonly path: readonly string[] }>();
  const numberOf = (path: readonly string[]): number => {
    const key = JSON.stringify(path);
    const known = paths.get(key) ?? { number: paths.size, path };
    paths.set(key, known);
    return known.number;
  };
  const positions = new Map(graph.nodes.map(({ name }, position) => [name, position]));
  const positionOf = (name: string): number => {
    const position = positions.get(name);
    if (position === undefined) throw new Error(`internal: an edge names '${name}', which the graph lacks`);
    return position;
  };
  const nodes = pieces(graph.nodes, ({ path, ...node }): NodeRow => [node, numberOf(path)]);
  return {
    nodes,
    paths: [...paths.values()].map(({ path }) => path),
    edges: Int32Array.from(graph.edges.flatMap(({ from, to }) => [positionOf(from), positionOf(to)])),
    text: graph.text,
    changes: pieces(changes, ({ kind, nodes, sentence }): ChangeRow => [kind, nodes, sentence]),
  };
}

/** The worker's end. */
export function packStep({ changes, graph, forms, ...rest }: StepView): PackedStepView {
  if (forms === null) return { rest, forms: [packForm({ changes, graph })], formsError: null };
  const { reference, lowered, error } = forms;
  const all = lowered === null ? [reference] : [reference, lowered];
  return { rest, forms: all.map(packForm), formsError: { error } };
}

function at<T>(list: readonly T[], position: number | undefined): T {
  const found = list[position ?? -1];
  if (found === undefined) throw new Error(`internal: a graph came without what stands at ${position}`);
  return found;
}

function* unpackNodes({ nodes, paths }: PackedForm): InParts<readonly NodeView[]> {
  const read: NodeView[] = [];
  for (const piece of nodes) {
    const rows: readonly NodeRow[] = JSON.parse(piece);
    for (const [node, path] of rows) read.push({ ...node, path: at(paths, path) });
    yield;
  }
  return read;
}

function* unpackEdges({ edges }: PackedForm, nodes: readonly NodeView[]): InParts<readonly EdgeView[]> {
  const nameAt = (index: number): string => at(nodes, edges[index]).name;
  const read: EdgeView[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    read.push({ from: nameAt(index), to: nameAt(index + 1) });
    if (read.length % (4 * PIECE) === 0) yield;
  }
  return read;
}

function* unpackChanges({ changes }: PackedForm): InParts<readonly ChangeView[]> {
  const read: ChangeView[] = [];
  for (const piece of changes) {
    const rows: readonly ChangeRow[] = JSON.parse(piece);
    for (const [kind, nodes, sentence] of rows) read.push({ kind, nodes, sentence });
    yield;
  }
  return read;
}

function* unpackForm(form: PackedForm): InParts<FormView> {
  const nodes = yield* unpackNodes(form);
  const edges = yield* unpackEdges(form, nodes);
  const changes = yield* unpackChanges(form);
  return { changes, graph: { nodes, edges, text: form.text } };
}

/** The page's end, in parts. */
export function* unpackStep({ rest, forms, formsError }: PackedStepView): InParts<StepView> {
  const read: FormView[] = [];
  for (const form of forms) read.push(yield* unpackForm(form));
  const [first, lowered = null] = read;
  if (first === undefined) throw new Error(`internal: the view of ${rest.step} came without its graph`);
  if (formsError === null) return { ...rest, ...first, forms: null };
  return { ...rest, ...(lowered ?? first), forms: { reference: first, lowered, error: formsError.error } };
}
