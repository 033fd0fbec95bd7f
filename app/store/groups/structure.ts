/** A node or a group as its parent sees it. */
export interface Item {
  /** Of a node: its type and sizes. */
  readonly label: string | null;
  /** Of a group: the number of its structure. */
  readonly shape: number | null;
  /** Names of the nodes in it, in the order of the graph. */
  readonly nodes: readonly string[];
}

/**
 * The structure of a group as a number: two groups have the same where they hold the same types of nodes with the same
 * sizes, nested and wired in the same way, whatever they are called. `table` numbers the structures of one model. Nodes
 * are taken in the order in which they stand in the graph, which is how exporters write repeated blocks.
 */
export function shapeOf(
  items: readonly Item[],
  users: ReadonlyMap<string, readonly string[]>,
  table: Map<string, number>,
): Item {
  const positions = new Map<string, number>();
  for (const item of items) for (const name of item.nodes) positions.set(name, positions.size);
  let wires = '';
  for (const [name, from] of positions)
    for (const user of users.get(name) ?? []) {
      const to = positions.get(user);
      if (to !== undefined) wires += ` ${from}>${to}`;
    }
  const written = `${items.map(({ label, shape }) => label ?? `#${shape}`).join(';')}${wires}`;
  const shape = table.get(written) ?? table.size;
  table.set(written, shape);
  return { label: null, shape, nodes: [...positions.keys()] };
}
