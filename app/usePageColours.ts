import { useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';

/** Another text whenever the page's colours become others: what draws itself draws anew then. */
export function usePageColours(): string {
  const scheme = useComputedColorScheme('light');
  const isForced = useMediaQuery('(forced-colors: active)', false, { getInitialValueInEffect: false });
  return isForced ? `${scheme}, forced` : scheme;
}
