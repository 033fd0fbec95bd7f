import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from '../fixtures';
import { violationsInBoth } from '../violations';
import { openLinear2 } from './linear2';

/* Projects side by side, and as files. */

test('projects are listed, renamed, duplicated and deleted, and open as they were left', async ({
  studio,
  page,
}) => {
  await openLinear2(studio);
  await studio.run('Prepare');
  await studio.saved();
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await dialog.getByRole('button', { name: 'Rename linear2' }).click();
  await dialog.getByRole('textbox').fill('Two layers');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Duplicate Two layers' }).click();
  await expect(dialog.locator('[data-project="Two layers (copy)"]')).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();

  await page.getByRole('button', { name: /^Project/ }).click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await expect(page.getByRole('button', { name: 'Continue Two layers', exact: true })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue Two layers', exact: true }).click();
  await studio.expectStep('prepare', 'done');
  await studio.expectStep('calibrate', 'todo');

  await page.keyboard.press('Control+o');
  await dialog.getByRole('button', { name: 'Delete Two layers (copy)…' }).click();
  await dialog.getByRole('button', { name: 'Delete Two layers (copy) for good' }).click();
  await expect(dialog.locator('[data-project]')).toHaveCount(1);
});

test('a project goes into a file and comes back from it', async ({ studio, page }) => {
  await openLinear2(studio);
  await studio.run('Convert');
  const before = await studio.fxText();
  await page.getByRole('button', { name: /^Project/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('linear2.eqstudio');
  const buffer = await readFile(await download.path());

  const file = { name: 'linear2.eqstudio', mimeType: 'application/zip', buffer };
  await studio.openModel({ ...file, buffer: buffer.subarray(0, buffer.length / 2) });
  await expect(studio.alert).toContainText('cut short');
  await studio.openModel(file);
  await expect(studio.status).toContainText('Project linear2 2: as it was left');
  await studio.expectStep('convert', 'done');
  expect(await studio.fxText()).toBe(before);
});

/** The same file with records of a version that nobody reads. */
function ofAnotherVersion(file: Buffer): Buffer {
  const members = Object.entries(unzipSync(new Uint8Array(file))).map(([name, bytes]) =>
    /^s\d+\.json$/.test(name)
      ? ([name, strToU8(strFromU8(bytes).replace('"version":1', '"version":99'))] as const)
      : ([name, bytes] as const),
  );
  return Buffer.from(zipSync(Object.fromEntries(members), { level: 0 }));
}

/** What is kept, as the dialog lists it. */
async function listed(page: Page): Promise<readonly string[]> {
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await expect(dialog.locator('[data-project]').first()).toBeVisible();
  const rows = await dialog.locator('[data-project]').allTextContents();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return rows;
}

test('a project file that cannot be read leaves the open project, and where it is saved', async ({
  studio,
  page,
}) => {
  await openLinear2(studio);
  await studio.run('Prepare');
  await page.getByRole('button', { name: /^Project/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  const buffer = ofAnotherVersion(await readFile(await (await downloading).path()));
  await page.reload();
  await studio.expectStep('prepare', 'done');

  await studio.openModel({ name: 'later.eqstudio', mimeType: 'application/zip', buffer });
  await expect(studio.alert).toContainText('version 99');
  await studio.run('Calibrate');
  await expect.poll(() => listed(page)).toEqual([expect.stringMatching(/^linear2open.*Calibrate/)]);
  await page.reload();
  await studio.expectStep('calibrate', 'done');
});
