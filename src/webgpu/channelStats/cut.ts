import type { ChannelView } from './kernel';

/** Invocations that keep a large GPU busy; more would only make more partial results. */
const TARGET_INVOCATIONS = 65536;
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

/** Cuts `outer × inner` positions of each channel into slots. */
export function cutPositions({ outer, channels, inner }: ChannelView): Cut {
  const positions = outer * inner;
  const wanted = Math.max(1, Math.min(TARGET_INVOCATIONS / channels, positions / MIN_POSITIONS));
  // With many channels side by side (inner = 1) reads are coalesced already.
  const lanes = inner === 1 && channels >= LANES ? 1 : Math.min(LANES, Math.ceil(wanted));
  const chunks = Math.max(1, Math.floor(wanted / lanes));
  const chunk = Math.ceil(Math.ceil(positions / chunks) / lanes) * lanes;
  return { lanes, chunks: Math.ceil(positions / chunk), chunk };
}
