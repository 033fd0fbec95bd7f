import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';

test('digits: weights as .pt, int8 as QDQ, and both checked in ONNX Runtime', async ({ page, studio }) => {
  test.setTimeout(180_000);
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.run('Convert');
  const saved = async (name: string) => {
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name, exact: true }).click();
    const file = await download;
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const weights = await saved('Weights (.pt)');
  expect(weights.name).toBe('digits-equalized.pt');
  expect(weights.bytes.subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'));
  const quantized = await saved('Quantized model (.onnx)');
  expect(quantized.name).toBe('digits-equalized-int8.onnx');
  expect(quantized.bytes.includes('QuantizeLinear')).toBe(true);
  await page.getByRole('button', { name: 'Check in ONNX Runtime' }).click();
  for (const row of ['original', 'equalized', 'quantized'])
    await expect(page.locator(`[data-runtime="${row}"]`)).toContainText('agrees', { timeout: 60_000 });
  await expect(page.locator('[data-runtime="quantized-optimized"]')).toContainText('for information');
});
