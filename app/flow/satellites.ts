import type { EdgeView } from '../../src/index';
import type { LayoutNode } from './nodeSize';

export type Beside = 'left' | 'right';
export interface Satellite {
  readonly user: string;
  readonly beside: Beside;
}

/**
 * Constants that only one node reads (a scale, a zero point) stand beside their reader instead of above it, so
 * that the flow of activations stays one straight line. Two places a reader: left, then right; further ones are
 * laid out like any other node.
 */
export function findSatellites(
  nodes: readonly LayoutNode[],
  edges: readonly EdgeView[],
): ReadonlyMap<string, Satellite> {
  const params = new Set(nodes.filter((node) => node.role === 'param').map((node) => node.name));
  const isRead = new Set(edges.map((edge) => edge.to));
  const users = new Map<string, string[]>();
  for (const { from, to } of edges)
    if (params.has(from) && !isRead.has(from)) users.set(from, [...(users.get(from) ?? []), to]);
  const taken = new Map<string, number>();
  const satellites = new Map<string, Satellite>();
  for (const [param, [user, ...others]] of users) {
    const place = user === undefined ? 2 : (taken.get(user) ?? 0);
    if (user === undefined || others.length > 0 || place > 1) continue;
    taken.set(user, place + 1);
    satellites.set(param, { user, beside: place === 0 ? 'left' : 'right' });
  }
  return satellites;
}
