/** The parts of the page by their element, in the order in which F6 goes through them. */
export const REGIONS = [
  { id: 'header', title: 'header' },
  { id: 'pipeline', title: 'steps' },
  { id: 'outline', title: 'outline' },
  { id: 'graph', title: 'graph' },
  { id: 'gallery', title: 'samples' },
  { id: 'inspector', title: 'inspector' },
  { id: 'lower', title: 'lower panel' },
] as const;

const STOPS = 'button, a[href], input, select, textarea, [tabindex]';

/** Whether Tab would stop there. */
function isStop(element: HTMLElement): boolean {
  const isDisabled = 'disabled' in element && element.disabled === true;
  return !isDisabled && element.tabIndex >= 0 && element.getClientRects().length > 0;
}

/** The region itself when it takes the focus, else the first thing in it that does. */
function stopOf(region: HTMLElement): HTMLElement | null {
  if (region.tabIndex >= -1 && region.hasAttribute('tabindex')) return region;
  return [...region.querySelectorAll<HTMLElement>(STOPS)].find(isStop) ?? null;
}

/** Moves the focus to the next part of the page, or the one before, around both ends. */
export function focusRegion(offset: 1 | -1): void {
  const regions = REGIONS.flatMap(({ id }) => document.getElementById(id) ?? []);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const start = at < 0 && offset < 0 ? 0 : at;
  const next = regions[(start + offset + regions.length) % regions.length];
  if (next !== undefined) stopOf(next)?.focus();
}
