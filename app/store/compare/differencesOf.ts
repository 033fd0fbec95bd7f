import type { GraphView, NodeView } from '../../../src/index';

/** What differs in a node that both graphs have. */
export type Aspect = 'type' | 'detail' | 'shape' | 'tensors' | 'inputs';

export interface NodeDifference {
  readonly node: string;
  /** `rewired`: it reads something else, and is the same otherwise. */
  readonly kind: 'added' | 'removed' | 'changed' | 'rewired';
  /** In words: `range [−4, 4] → [0, 16]`. */
  readonly what: string;
}

const inputsOf = new WeakMap<GraphView, ReadonlyMap<string, readonly string[]>>();

/** Found once per graph: it is compared with the one before it and with the one behind it. */
function inputsBy(graph: GraphView): ReadonlyMap<string, readonly string[]> {
  const found = inputsOf.get(graph);
  if (found !== undefined) return found;
  const inputs = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    const known = inputs.get(to);
    if (known === undefined) inputs.set(to, [from]);
    else known.push(from);
  }
  inputsOf.set(graph, inputs);
  return inputs;
}

const isSame = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && before.every((name, index) => name === after[index]);

const arrow = (before: string, after: string): string => `${before || 'nothing'} → ${after || 'nothing'}`;

/** What a node of both looks like on each side, where that differs. */
function changesOf(before: NodeView, after: NodeView, isTouched: boolean): readonly string[] {
  const texts: string[] = [];
  if (before.type !== after.type) texts.push(`type ${arrow(before.type, after.type)}`);
  if (before.detail !== after.detail) {
    const isRange = after.role === 'observer' || after.role === 'quantize';
    texts.push(
      isRange
        ? `range ${arrow(before.detail, after.detail)}`
        : // Sizes have arrows of their own.
          `${before.detail || 'nothing'} becomes ${after.detail || 'nothing'}`,
    );
  }
  if (before.shape !== after.shape) texts.push(`shape ${arrow(before.shape, after.shape)}`);
  if (isTouched && texts.length === 0) texts.push('its tensors were scaled or exchanged');
  return texts;
}

const NONE: readonly NodeDifference[] = [];

/**
 * Where two graphs differ, in the order of the later one with what it lacks at the places where it was. `touched`:
 * nodes whose tensors a step between the two changed, which their looks may not show.
 */
export function differencesOf(
  before: GraphView,
  after: GraphView,
  touched: ReadonlySet<string> = new Set(),
): readonly NodeDifference[] {
  const earlier = new Map(before.nodes.map((node) => [node.name, node]));
  const later = new Set(after.nodes.map(({ name }) => name));
  const [reads, readsAfter] = [inputsBy(before), inputsBy(after)];
  const found = after.nodes.flatMap((node): readonly NodeDifference[] => {
    const { name } = node;
    const old = earlier.get(name);
    if (old === undefined) return [{ node: name, kind: 'added', what: `${node.type} added` }];
    const texts = changesOf(old, node, touched.has(name));
    const [inputs, inputsAfter] = [reads.get(name) ?? [], readsAfter.get(name) ?? []];
    const rewired = isSame(inputs, inputsAfter)
      ? []
      : [`reads ${arrow(inputs.join(', '), inputsAfter.join(', '))}`];
    if (texts.length + rewired.length === 0) return NONE;
    const what = [...texts, ...rewired].join('; ');
    if (texts.length > 0) return [{ node: name, kind: 'changed', what }];
    return [{ node: name, kind: 'rewired', what }];
  });
  return withRemoved(found, before, after, later);
}

/** Each node that has gone stands behind the node that was in front of it. */
function withRemoved(
  found: readonly NodeDifference[],
  before: GraphView,
  after: GraphView,
  later: ReadonlySet<string>,
): readonly NodeDifference[] {
  const behind = new Map<string, NodeDifference[]>();
  let last = '';
  for (const { name, type } of before.nodes) {
    if (later.has(name)) last = name;
    else {
      const gone = behind.get(last) ?? [];
      gone.push({ node: name, kind: 'removed', what: `${type} removed` });
      behind.set(last, gone);
    }
  }
  const byNode = new Map(found.map((difference) => [difference.node, difference]));
  const ordered = [...(behind.get('') ?? [])];
  for (const { name } of after.nodes) {
    const difference = byNode.get(name);
    if (difference !== undefined) ordered.push(difference);
    ordered.push(...(behind.get(name) ?? []));
  }
  return ordered;
}
