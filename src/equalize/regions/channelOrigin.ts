import type { NodeName, ParamName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { OpCall, Operand } from '../../graph/op';
import type { Dim, Shape } from '../../graph/shape';
import type { ChannelPairs } from './channelPairs';

/** A tensor of the model that takes the factors along one of its axes (counted from the start). */
export interface ScaledParam {
  readonly param: ParamName;
  readonly axis: number;
}

/** An operand whose channels along an axis (from the end) are the output's. */
export interface ChannelLink {
  /** Place among the call's operands. */
  readonly position: number;
  readonly axis: number;
  readonly pairs: ChannelPairs;
}

/**
 * Where the factors of an op's output come from, along one axis of it:
 * - `links`: the operands carry them, and the op passes them on; its own tensors (the constant that an addition adds)
 *   must take them too;
 * - `choice`: one of several axes of the one operand, each of which would do;
 * - `producer`: tensors of the op take them (the rows of a weight), whatever its operands are;
 * - `barrier`: neither; the output's factors must be 1.
 */
export type ChannelOrigin =
  | {
      readonly kind: 'links';
      readonly links: readonly ChannelLink[];
      readonly params: readonly ScaledParam[];
    }
  | { readonly kind: 'choice'; readonly choices: readonly ChannelLink[] }
  | { readonly kind: 'producer'; readonly params: readonly ScaledParam[] }
  | { readonly kind: 'barrier' };

export const BARRIER = { kind: 'barrier' } as const satisfies ChannelOrigin;

/** What a rule may ask about the call. */
export interface OriginContext {
  readonly model: Model;
  readonly output: readonly Dim[];
  /** Shapes of the operands by place; null where unknown, `[]` for a number. */
  readonly operands: readonly Shape[];
  /** The tensor that an operand reads, where it is a `get_attr` node. */
  readonly constantOf: (operand: Operand | undefined) => ParamName | null;
}

export type OriginRule<C extends OpCall = OpCall> = (
  call: C,
  axis: number,
  context: OriginContext,
) => ChannelOrigin;

/** How far a shape reaches along an axis counted from the end: 1 where it has no such axis, null where unknown. */
export function extent(shape: Shape | undefined, axis: number): number | null {
  if (!shape) return null;
  if (-axis > shape.length) return 1;
  const dim = shape[shape.length + axis];
  return typeof dim === 'number' ? dim : null;
}

export const links = (linked: readonly ChannelLink[], params: readonly ScaledParam[] = []): ChannelOrigin =>
  linked.length === 0 ? BARRIER : { kind: 'links', links: linked, params };

/** The node behind an operand, or null for a number. */
export const nodeOf = (operand: Operand | undefined): NodeName | null =>
  operand?.kind === 'node' ? operand.node : null;
