import type { Box, Link } from './box';

export interface Ordered {
  /** Each box behind all that it reads. */
  readonly boxes: readonly Box[];
  /** The links that lead forwards in that order; a closed group may both read a node and be read by it. */
  readonly links: readonly Link[];
}

/** The smallest number on top; a binary heap. */
class Heap {
  private readonly items: number[] = [];

  push(value: number): void {
    const { items } = this;
    items.push(value);
    for (let at = items.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if ((items[parent] ?? 0) <= value) break;
      [items[at], items[parent]] = [items[parent] ?? 0, value];
      at = parent;
    }
  }

  pop(): number | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    items[0] = last;
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= items.length) return top;
      if (child + 1 < items.length && (items[child + 1] ?? 0) < (items[child] ?? 0)) child++;
      if ((items[child] ?? 0) >= last) return top;
      [items[at], items[child]] = [items[child] ?? 0, last];
      at = child;
    }
  }
}

/**
 * An order in which every box stands behind what it reads, as close to the given one as can be (Kahn's algorithm; the
 * box that comes first in the given order goes first).
 * Where closed groups make a cycle, the link that closes it is left out.
 */
export function inOrder(boxes: readonly Box[], links: readonly Link[]): Ordered {
  const number = new Map(boxes.map(({ id }, index) => [id, index]));
  const wires = links.flatMap((link) => {
    const [from, to] = [number.get(link.from), number.get(link.to)];
    return from === undefined || to === undefined || from === to ? [] : [{ link, from, to }];
  });
  const readers: number[][] = boxes.map(() => []);
  const waits = boxes.map(() => 0);
  for (const { from, to } of wires) {
    readers[from]?.push(to);
    waits[to] = (waits[to] ?? 0) + 1;
  }
  const place = boxes.map(() => -1);
  const sequence: number[] = [];
  const ready = new Heap();
  for (const index of boxes.keys()) if (waits[index] === 0) ready.push(index);
  let unplaced = 0;
  while (sequence.length < boxes.length) {
    let next = ready.pop();
    if (next === undefined) {
      while (place[unplaced] !== -1) unplaced++;
      next = unplaced;
    }
    if (place[next] !== -1) continue;
    place[next] = sequence.length;
    sequence.push(next);
    for (const reader of readers[next] ?? []) {
      waits[reader] = (waits[reader] ?? 0) - 1;
      if (waits[reader] === 0 && place[reader] === -1) ready.push(reader);
    }
  }
  return {
    boxes: sequence.flatMap((index) => boxes[index] ?? []),
    links: wires.flatMap(({ link, from, to }) => ((place[from] ?? 0) < (place[to] ?? 0) ? [link] : [])),
  };
}
