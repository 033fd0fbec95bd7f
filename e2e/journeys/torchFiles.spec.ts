import { expect, test } from '../fixtures';
import { violations } from '../violations';

const FOLDER = 'e2e/oracle';

test('an archive of torch.export opens under the names of its state dict', async ({ studio, page }) => {
  await studio.open();
  await studio.openModel(`${FOLDER}/exported/images-raw.pt2`);
  await studio.expectStep('load', 'done');
  await expect(page.locator('[data-layer="head"]')).toBeVisible();
});

test('a state dict becomes a model layer by layer', async ({ studio, page }) => {
  await studio.open();
  await studio.openModel(`${FOLDER}/torchfiles/state_dict.pt`);
  const dialog = page.getByRole('dialog', { name: 'Put the layers together' });
  await expect(dialog).toBeVisible();
  await expect(studio.alert).toHaveCount(0);
  expect(await violations(page, 'dialog')).toEqual([]);

  await dialog.getByLabel('Shape of one sample').fill('1, 4, 5');
  await expect(dialog.getByRole('status')).toContainText('4 reads 64');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.getByRole('button', { name: 'Layers of state_dict.pt…' }).click();
  await expect(dialog.getByLabel('Shape of one sample')).toHaveValue('1, 4, 5');
  await dialog.getByLabel('Shape of one sample').fill('1, 4, 4');
  await dialog.getByLabel('Pooling behind 1', { exact: true }).selectOption('none');
  await expect(dialog.getByRole('status')).toHaveText('Every layer fits.');
  await dialog.getByRole('button', { name: 'Open this model' }).click();
  await studio.expectStep('load', 'done');
  await expect(page.locator('[data-layer="_4"]')).toBeVisible();
});

test('its graph takes the place of the one that was open', async ({ studio, page }) => {
  await studio.open({ backend: 'wasm' });
  await page.getByRole('button', { name: 'Digits' }).first().click();
  await studio.expectStep('load', 'done');
  await expect(page.locator('.flow-pane [data-node]').first()).toBeVisible();
  await studio.openModel(`${FOLDER}/torchfiles/state_dict.pt`);
  const dialog = page.getByRole('dialog', { name: 'Put the layers together' });
  await dialog.getByLabel('Shape of one sample').fill('1, 4, 4');
  await dialog.getByLabel('Pooling behind 1', { exact: true }).selectOption('none');
  await expect(dialog.getByRole('status')).toHaveText('Every layer fits.');
  await dialog.getByRole('button', { name: 'Open this model' }).click();
  await expect(page.locator('.flow-pane [data-node="_4"]')).toBeAttached();
  await expect(page.locator('.flow-pane[inert]')).toHaveCount(0);
});
