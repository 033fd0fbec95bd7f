import { expect, test } from '../fixtures';
import { MethodsTab } from '../pages/methodsTab';
import { violations } from '../violations';

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
      await expect(page.locator('.bar-popover')).toBeHidden();
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
  test(`axe finds nothing on what lies over the page (${colorScheme})`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const expectClean = (screen: string, part: string | null = null) =>
      test.step(screen, async () => expect(await violations(page, part, rules), screen).toEqual([]));

    await studio.open({ backend: 'wasm' });
    await page.getByRole('button', { name: 'Take the tour' }).click();
    await page.locator('.gallery .term').first().hover();
    await expect(page.getByRole('tooltip')).toBeVisible();
    await expectClean('the tour and a term');
    await page.getByRole('button', { name: 'Two linear layers' }).click();
    await studio.expectStep('load', 'done');
    await studio.run('Prepare');
    await page.getByRole('button', { name: 'Skip the tour' }).click();
    await page.keyboard.press('o');
    await expectClean('the outline');

    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await expectClean('the command palette', '.page-dialog');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expectClean('the keys', '.page-dialog');
    await page.keyboard.press('Escape');
    for (const item of ['Glossary', 'How to bring a model'] as const) {
      await page.getByRole('button', { name: 'Help' }).click();
      await expect(page.getByRole('menuitem', { name: item })).toBeVisible();
      if (item === 'Glossary') await expectClean('the help menu');
      await page.getByRole('menuitem', { name: item }).click();
      await expect(page.locator('.page-dialog')).toBeVisible();
      await expectClean(item, '.page-dialog');
      await page.keyboard.press('Escape');
    }
    for (const name of ['one.onnx', 'two.onnx'])
      await studio.openModel({ name, mimeType: '', buffer: Buffer.from('no model') });
    await expect(studio.alert).toContainText('2 of 2');
    await expectClean('errors');
    await page.setViewportSize({ width: 768, height: 1024 });
    await expectClean('a narrow window');
    await page.setViewportSize({ width: 640, height: 400 });
    await expectClean('a small window');
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
