import { useMediaQuery } from '@mantine/hooks';

/** Kept in step with the media queries of app/styles/narrow.css. */
const CROWDED = '(max-width: 1179px)';
const NARROW = '(max-width: 1099px)';
const STACKED = '(max-width: 759px), (max-height: 519px)';

export interface WindowSize {
  /** The header's settings are behind a button: not every method's would find room. */
  readonly isCrowded: boolean;
  /** The inspector is a drawer. */
  readonly isNarrow: boolean;
  /** The parts stand under one another and the page scrolls. */
  readonly isStacked: boolean;
}

/** The same outside of components, at this moment. */
export const windowSize = (): WindowSize => ({
  isCrowded: window.matchMedia(CROWDED).matches,
  isNarrow: window.matchMedia(NARROW).matches,
  isStacked: window.matchMedia(STACKED).matches,
});

/** Which of the page's arrangements the window has room for; zoom counts as a smaller window. */
export function useWindowSize(): WindowSize {
  const isCrowded = useMediaQuery(CROWDED, false, { getInitialValueInEffect: false });
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const isStacked = useMediaQuery(STACKED, false, { getInitialValueInEffect: false });
  return { isCrowded, isNarrow, isStacked };
}
