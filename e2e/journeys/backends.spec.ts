import { expect, test } from '../fixtures';

/* A software adapter is slower than WASM, so the studio, left alone, must pass it over and say so. */

test('left alone on a software adapter, the studio runs on WASM with its threads', async ({
  page,
  studio,
}) => {
  await page.goto('/?sample=digits');
  await expect(page.getByText(/^WASM: software GPU only/)).toBeVisible();
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  expect(await studio.accuracy('float')).toBeCloseTo(531 / 540, 3);
});

test('the plain CPU backend does the same work', async ({ page, studio }) => {
  await page.goto('/?sample=digits&backend=cpu');
  await expect(page.getByText('CPU: as chosen')).toBeVisible();
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  expect(await studio.accuracy('float')).toBeCloseTo(531 / 540, 3);
});
