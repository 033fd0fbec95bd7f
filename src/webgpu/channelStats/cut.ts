import type { ChannelView } from './kernel';

/** Invocations that keep a large GPU busy, or a software one; more would only make more partial results. */
export const INVOCATIONS = { gpu: 65_536, software: 4096 } as const;
/** Fewer positions than this are not worth a slot of their own. */
const MIN_POSITIONS = 16;
/** Neighbouring positions read side by side, where neighbouring channels do not lie side by side. */
export const LANES = 32;

/** How the work is cut: `lanes` neighbouring positions × `chunks` runs of `chunk` positions each. */
export interface Cut {
  readonly lanes: number;
  readonly chunks: number;
  readonly chunk: number;
}

/** Cuts `outer × inner` positions of each channel into slots, for about so many invocations. */
export function cutPositions({ outer, channels, inner }: ChannelView, invocations: number): Cut {
  const positions = outer * inner;
  const wanted = Math.max(1, Math.min(invocations / channels, positions / MIN_POSITIONS));
  // With many channels side by side (inner = 1) reads are coalesced already.
  const lanes = inner === 1 && channels >= LANES ? 1 : Math.min(LANES, Math.ceil(wanted));
  const chunks = Math.max(1, Math.floor(wanted / lanes));
  const chunk = Math.ceil(Math.ceil(positions / chunks) / lanes) * lanes;
  return { lanes, chunks: Math.ceil(positions / chunk), chunk };
}
