import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { args, executablePath } from '../chromium';
import { expect, test } from '../fixtures';
import { watchHeader } from '../pages/headerPlaces';
import { StudioPage } from '../pages/studioPage';
import { ALEXA, alexaData, alexaSamples } from './alexa';

async function prepared(studio: StudioPage): Promise<void> {
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.run('Prepare');
  await studio.saved();
}

async function savedAsFile(page: Page): Promise<Buffer> {
  await page.getByRole('button', { name: /^Project/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  return readFile(await (await downloading).path());
}

test('two tabs on one project: the second has a copy, and both keep what is done in them', async ({
  studio,
  page,
  context,
}) => {
  await prepared(studio);
  const other = await context.newPage();
  const second = new StudioPage(other);
  await second.open({ backend: 'cpu' });
  await other.getByRole('button', { name: 'Continue linear2', exact: true }).click();
  await expect(second.status).toContainText('“linear2” is open in another tab: this is a copy');
  await second.run('Equalize');
  await studio.run('Calibrate');
  await Promise.all([second.saved(), studio.saved()]);
  await Promise.all([other.reload(), page.reload()]);
  await second.expectStep('equalize', 'done');
  await studio.expectStep('calibrate', 'done');
  await studio.expectStep('equalize', 'todo');
  await other.keyboard.press('Control+o');
  const rows = other.getByRole('dialog', { name: 'Projects' });
  await expect(rows.locator('[data-project="linear2"]')).toContainText('open in another tab');
  await expect(rows.getByRole('button', { name: 'Delete linear2…' })).toBeDisabled();
});

test('without room the page says so; a file can be saved, and with room again all is kept', async ({
  studio,
  page,
}) => {
  await prepared(studio);
  let expectStill = await watchHeader(page);
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  await studio.run('Equalize');
  await expect(studio.alert).toContainText('the browser has no more room for this site');
  await expect(page.getByRole('button', { name: 'Project: Not saved' })).toBeVisible();
  expect((await savedAsFile(page)).length).toBeGreaterThan(1000);
  await expectStill(['Saved', 'Saving…', 'Not saved']);
  // Where there is room the button says the time too.
  await page.setViewportSize({ width: 1920, height: 1080 });
  expectStill = await watchHeader(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await studio.run('Convert');
  await studio.saved();
  await expect(studio.alert).toHaveCount(0);
  await expectStill(['Not saved', 'Saving…', 'Saved']);
  await page.reload();
  await studio.expectStep('convert', 'done');
});

test('where site data is blocked the studio works, says that nothing is kept, and saves and opens files', async ({
  baseURL,
}, info) => {
  const folder = info.outputPath('profile');
  mkdirSync(join(folder, 'Default'), { recursive: true });
  // What the browser's own setting “block all site data” writes.
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(blocked));
  const browser = await chromium.launchPersistentContext(folder, {
    ...(executablePath ? { executablePath } : { channel: 'chromium' }),
    args,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const studio = new StudioPage(page);
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.run('Prepare');
  await expect(studio.alert.filter({ hasText: 'keeps no files' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Project: Not saved' })).toBeVisible();
  const buffer = await savedAsFile(page);
  await page.reload();
  await studio.openModel({ name: 'linear2.eqstudio', mimeType: 'application/zip', buffer });
  await studio.expectStep('prepare', 'done');
  await browser.close();
});

test('a tab that is closed in the middle of a save leaves the last whole one', async ({
  studio,
  page,
  context,
}) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(ALEXA);
  await studio.run('Prepare');
  await studio.saved();
  await studio.openCalibration(alexaData('many.npy', 1000, alexaSamples(1000, 1)));
  await expect(page.getByRole('button', { name: 'Project: Saving…' })).toBeVisible();
  await page.close({ runBeforeUnload: false });
  const next = await context.newPage();
  const reopened = new StudioPage(next);
  await reopened.open({ backend: 'wasm' });
  await next.getByRole('button', { name: /^Continue alexa/ }).click();
  await reopened.expectStep('prepare', 'done');
  await expect(reopened.alert).toHaveCount(0);
  await reopened.openCalibration(alexaData('few.npy', 4, alexaSamples(4, 1)));
  await reopened.run('Calibrate');
});
