import type { LayoutRequest } from './layout';

const same = <T>(a: readonly T[] = [], b: readonly T[] = [], equal: (one: T, other: T) => boolean): boolean =>
  a === b ||
  (a.length === b.length && a.every((one, index) => one === b[index] || equal(one, b[index] ?? one)));

/** Whether two requests ask for the same layout: a change that only colours nodes does not move them. */
export function sameLayout(a: LayoutRequest, b: LayoutRequest): boolean {
  return (
    a.arrangement === b.arrangement &&
    a.columns === b.columns &&
    same(
      a.nodes,
      b.nodes,
      (one, other) => one.name === other.name && one.role === other.role && one.parent === other.parent,
    ) &&
    same(a.edges, b.edges, (one, other) => one.from === other.from && one.to === other.to) &&
    same(a.frames, b.frames, (one, other) => one.id === other.id && one.parent === other.parent)
  );
}
