import { bigModel } from '../files/bigModel';
import { expect, test } from '../fixtures';

test('after Convert the page says on the node where PyTorch differs, and what it comes to', async ({
  studio,
  page,
}) => {
  await studio.open({ sample: 'linear2' });
  await studio.run('Convert');

  // PyTorch keeps the unscaled range between the two layers.
  await studio.panel('Results');
  const results = page.getByRole('region', { name: 'Exact and PyTorch compared' });
  await expect(results.locator('caption')).toHaveText('Exact and PyTorch differ in 1 place');
  const observer = 'linear1_activation_post_process_0';
  await expect(results.locator(`[data-difference="${observer}"]`)).toContainText(
    /PyTorch keeps the range .* measured before scaling/,
  );

  // After Convert the quantized layer stands for the observer that went into it.
  const layer = page.locator('[data-node="linear1"]').first();
  await expect(layer).toHaveAccessibleName(/Exact and PyTorch differ here/);
  await results.getByRole('link', { name: observer }).click();
  const inspector = page.getByRole('region', { name: 'Exact and PyTorch', exact: true });
  await expect(inspector).toContainText('Exact scales the range here');
  const sqnr = inspector.getByRole('row', { name: 'SQNR in dB, model' }).getByRole('cell');
  const [exact, pytorch] = (await sqnr.allTextContents()).map(Number);
  expect(exact).toBeGreaterThan(pytorch ?? Number.NaN);

  const report = await studio.exportReport();
  expect(report.comparison?.differences).toMatchObject([
    { node: observer, also: ['linear1', 'quantize_per_tensor_1'] },
  ]);
});

test('hundreds of places where the semantics differ are listed by fifties', async ({ studio, page }) => {
  await studio.open({ backend: 'wasm' });
  const buffer = Buffer.from(bigModel({ nodes: 400, flow: 'chain', named: false }));
  await studio.openModel({ name: 'chain.onnx', mimeType: 'application/octet-stream', buffer });
  await studio.expectStep('load', 'done');
  const before = await studio.button('Convert').boundingBox();
  await page.getByRole('button', { name: 'Generate samples' }).click();
  await expect(page.getByTestId('calibration-files').locator('..')).toContainText('generated data');
  // Where one press goes, the next finds the button that was aimed at.
  expect(await studio.button('Convert').boundingBox()).toEqual(before);
  await studio.run('Convert');

  await studio.panel('Results');
  const results = page.getByRole('region', { name: 'Exact and PyTorch compared' });
  const caption = (await results.locator('caption').first().textContent()) ?? '';
  const count = Number(/differ in (\d+) places/.exec(caption)?.[1]);
  expect(count).toBeGreaterThan(100);
  const rows = results.locator('[data-difference]');
  await expect(rows).toHaveCount(50);
  await results.getByRole('button', { name: `Show 50 of ${count - 50} more places` }).click();
  await expect(rows).toHaveCount(100);
  await rows.nth(99).getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Exact and PyTorch', exact: true })).toBeVisible();
});
