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
