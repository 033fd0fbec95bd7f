import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from '../fixtures';
import { violations } from '../violations';

/** Convert has run, so it is there. */
function must<T>(value: T | null): T {
  if (value === null) throw new Error('the report has no SQNR');
  return value;
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`the report is one page that needs no network and no script, and passes axe (${colorScheme})`, async ({
    studio,
    browser,
  }) => {
    await studio.open({ sample: 'digits', backend: 'wasm' });
    await studio.expectStep('load', 'done');
    await studio.run('Convert');
    const sqnr = must((await studio.exportReport()).sqnr);
    const html = (await studio.export('Report (.html)')).toString('utf8');
    const figures = [sqnr.plain, sqnr.equalized].map((value) => Number(value).toFixed(1));

    const context = await browser.newContext({ offline: true, colorScheme });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.setContent(html);
    await expect(page.getByRole('heading', { name: 'Equalization report: digits' })).toBeVisible();
    for (const figure of figures)
      await expect(page.getByRole('cell', { name: figure }).first()).toBeVisible();
    await expect(page.locator('figure svg').first()).toBeVisible();
    await expect(page.locator('script')).toHaveCount(0);
    expect(await violations(page)).toEqual([]);
    expect(requests).toEqual([]);
    await context.close();

    const files = unzipSync(await studio.export('Report (Markdown, .zip)'));
    const markdown = strFromU8(files['digits-report/report.md'] ?? new Uint8Array());
    const pictures = [...markdown.matchAll(/^!\[.*\]\((images\/.*\.svg)\)$/gm)];
    expect(pictures.length).toBeGreaterThan(3);
    for (const [, path] of pictures) expect(files[`digits-report/${path}`]).toBeDefined();
    expect(markdown).toContain('# Equalization report: digits');
    for (const figure of figures) expect(markdown).toContain(`| ${figure} |`);
  });

test('what is worse than plain int8 is said in words, with a way out', async ({ studio, page }) => {
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  const layer = await studio.inspect('linear1');
  // Then one column takes nearly all of the grid.
  await layer.setScale(0, '300');
  await studio.settled();
  const sqnr = must((await studio.exportReport()).sqnr);
  expect(Number(sqnr.equalized)).toBeLessThan(Number(sqnr.plain));
  const verdict = page.getByRole('region', { name: 'Result of Convert' });
  await expect(verdict).toContainText('further from float than plain int8');
  expect(await violations(page, '.verdict')).toEqual([]);
  await verdict.getByRole('button', { name: /^Leave out/ }).click();
  await studio.run('Convert');
  await expect(verdict).toBeVisible();
  await expect(verdict).not.toContainText('further from float');
});
