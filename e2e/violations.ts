import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe finds on the page or a part of it, of any impact, short enough to be read in a test's output. */
export async function violations(
  page: Page,
  part: string | null = null,
  rules: readonly string[] = [],
): Promise<readonly string[]> {
  // Menus and tooltips fade in: half-transparent text has no contrast.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
  const axe = new AxeBuilder({ page });
  if (part !== null) axe.include(part);
  if (rules.length > 0) axe.withRules([...rules]);
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html}`),
  );
}

/** The same in both colour schemes, one after the other; the light one comes back. */
export async function violationsInBoth(page: Page, part: string | null = null): Promise<readonly string[]> {
  const light = await violations(page, part);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, part, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark];
}
