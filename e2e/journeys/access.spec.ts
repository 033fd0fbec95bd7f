import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { MethodsTab } from '../pages/methodsTab';

/** What axe finds on the page or a part of it, short enough to be read in a test's output. */
async function violations(page: Page, part: string | null, rules: readonly string[]) {
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

/** The dark scheme differs in its colours alone. */
const SCHEMES = [
  { colorScheme: 'light', rules: [] },
  { colorScheme: 'dark', rules: ['color-contrast'] },
] as const;

for (const { colorScheme, rules } of SCHEMES) {
  test(`axe finds nothing on any screen (${colorScheme})`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const expectClean = (screen: string, part: string | null = null) =>
      test.step(screen, async () => expect(await violations(page, part, rules), screen).toEqual([]));

    // What axe looks at is the same on every backend; WASM is there sooner.
    await studio.open({ backend: 'wasm' });
    await expect(page.getByText('Handwritten digits')).toBeVisible();
    await expectClean('the first screen');

    await page.getByRole('button', { name: 'Handwritten digits' }).click();
    await studio.expectStep('load', 'done');
    await studio.run('Convert');
    await expectClean('after Convert');
    await page.getByRole('radio', { name: 'Before/after' }).check();
    await studio.node('linear1').first().click();
    await expect(page.getByRole('heading', { name: 'linear1' })).toBeVisible();
    await expectClean('before and after, with a layer in the inspector');

    await studio.method.selectOption('smoothquant');
    await studio.run('Convert');
    const layer = await studio.inspect('linear2');
    await layer.setScale(3, '0.5');
    await studio.settled();
    await layer.scaleField.fill('0');
    await layer.set.click();
    await expectClean('a scale set by hand, and one refused');
    await page.keyboard.press('Escape');

    for (const panel of ['QConfig mapping', 'Lowest SQNR'] as const) {
      await page.getByRole('button', { name: `${panel}…` }).click();
      await expect(page.locator('.bar-popover')).toBeVisible();
      await expectClean(panel, '.bar-popover');
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Select all layers' }).click();
    await expectClean('the layers, selected', '.lower');

    for (const tab of ['FX text', 'Results', 'Log'] as const) {
      await studio.panel(tab);
      await expectClean(`the tab ${tab}`, '.lower');
    }
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByRole('menuitem', { name: 'Report (.json)' })).toBeVisible();
    await expectClean('the export menu');
    await page.keyboard.press('Escape');

    await page.setViewportSize({ width: 640, height: 400 });
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('radiogroup', { name: 'Semantics' })).toBeVisible();
    await expectClean('the settings of a small window');
  });
  // On a small model and WASM: the search tries hundreds of models.
  test(`axe finds nothing in the tab Methods and on a painted graph (${colorScheme})`, async ({
    page,
    studio,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const expectClean = (screen: string, part: string) =>
      test.step(screen, async () => expect(await violations(page, part, rules), screen).toEqual([]));

    await studio.open({ sample: 'linear2', backend: 'wasm' });
    await studio.expectStep('load', 'done');
    await studio.run('Convert');
    await studio.panel('Methods');
    await expectClean('the tab Methods, empty', '.lower');
    const methods = new MethodsTab(page);
    for (const job of ['Compare methods', 'Advise'] as const) {
      await methods.finish(job);
      await expectClean(job, '.lower');
    }
    await methods.show('By layer');
    await expectClean('SQNR by layer', '.lower');
    await page.getByRole('button', { name: 'Paint by SQNR gain' }).click();
    await expectClean('the graph, painted', '.canvas');
    await studio.chooseSemantics('PyTorch');
    await methods.show('Comparison');
    await page.getByRole('combobox', { name: 'QConfig', exact: true }).selectOption('fbgemm');
    await expect(methods.stale).toBeVisible();
    await expectClean('a comparison of earlier settings', '.lower');
  });
}
