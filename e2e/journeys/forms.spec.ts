import { expect, test } from '../fixtures';
import { CONVERTED } from './seedGraphs';

test('the converted graph is drawn, printed, inspected and exported in either form', async ({
  studio,
  page,
}) => {
  await studio.open({ sample: 'linear2' });
  await studio.expectStep('load', 'done');
  const form = page.getByRole('radiogroup', { name: 'Form' });
  await expect(form).toHaveCount(0);
  await studio.run('Convert');
  await expect(form.getByRole('radio', { name: 'Lowered' })).toBeChecked();
  expect(await studio.fxText()).toBe(CONVERTED);

  await form.getByRole('radio', { name: 'Reference' }).check();
  const text = await studio.fxText();
  expect(text).toContain(
    '%linear2 : [#users=1] = call_module[target=linear2](args = (%dequantize_1,), kwargs = {})',
  );
  expect((await studio.export('Graph (.txt)')).toString('utf8').trimEnd()).toBe(text);
  await studio.node('dequantize_1').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary').getByText('dequantize_1').first()).toBeVisible();

  await form.getByRole('radio', { name: 'Lowered' }).check();
  await expect(studio.node('dequantize_1')).toHaveCount(0);
  expect(await studio.fxText()).toBe(CONVERTED);
});
