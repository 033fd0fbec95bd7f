// Screens at the ends: one layer, hundreds, names as long as they get, a loss, a run that was interrupted.
import { finish, inspect, openModel, pressEscape, tab } from './acts.mjs';

const oneLayer = (one) => [
  {
    name: 'one-layer',
    kept: [1280],
    show: async (page) => {
      await openModel(page, one);
      await finish(page, 'Convert');
    },
  },
];

const longNames = (long) => [
  {
    name: 'long-names',
    isNeeded: true,
    kept: [1280, 768],
    show: async (page) => {
      await openModel(page, long);
      await finish(page, 'Convert');
    },
  },
  {
    name: 'long-names-layer',
    show: async (page) => {
      await page.locator('[data-layer]').first().getByRole('link').click();
      await page.locator('.inspector-name').waitFor();
    },
  },
  { name: 'long-names-text', show: (page) => tab(page, 'FX text') },
  {
    name: 'long-names-compare',
    show: (page) => page.getByRole('radio', { name: 'Before/after' }).check(),
    leave: (page) => page.getByRole('radio', { name: 'Single' }).check(),
  },
  {
    name: 'long-names-projects',
    show: async (page) => {
      await page.getByRole('button', { name: /^Project: Saved/ }).waitFor();
      await page.keyboard.press('Control+o');
      await page.getByRole('dialog', { name: 'Projects' }).locator('[data-project]').first().waitFor();
    },
    leave: pressEscape,
  },
];

const manyLayers = (many) => [
  {
    name: 'many-layers',
    isNeeded: true,
    kept: [1280],
    show: async (page) => {
      await openModel(page, many);
      await finish(page, 'Prepare');
    },
  },
  {
    name: 'running',
    isNeeded: true,
    show: async (page) => {
      await page.getByRole('button', { name: /^Project: Saved/ }).waitFor();
      await page.getByRole('button', { name: 'Convert', exact: true }).click();
      await page.locator('[data-state=running]').waitFor();
    },
  },
  {
    name: 'interrupted',
    kept: [1280],
    show: async (page) => {
      await page.reload();
      await page.getByRole('region', { name: 'Interrupted' }).waitFor();
    },
  },
];

const loss = [
  {
    name: 'loss',
    kept: [1280],
    show: async (page) => {
      await page.getByRole('button', { name: 'Two linear layers' }).click();
      await page.locator('[data-step=load][data-state=done]').waitFor();
      await finish(page, 'Convert');
      await inspect(page, 'linear1');
      await setScale(page, 0, 300);
    },
  },
  {
    name: 'layers-of-weights',
    show: async (page) => {
      await page.getByTestId('model-files').setInputFiles('e2e/oracle/torchfiles/state_dict.pt');
      await page.getByRole('dialog', { name: 'Put the layers together' }).waitFor();
    },
    leave: pressEscape,
  },
];

/** Then one column takes nearly all of the grid, and int8 loses. */
async function setScale(page, column, scale) {
  const byHand = page.getByRole('region', { name: 'By hand' });
  await byHand.getByRole('spinbutton', { name: 'Column' }).fill(String(column));
  await byHand.getByRole('textbox', { name: 'Scale' }).fill(String(scale));
  await byHand.getByRole('button', { name: 'Set', exact: true }).click();
  await page.locator('.loss-note').waitFor();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
}

/** One session each, so that none begins with what another one left. */
export const extremes = ({ one, long, many }) => ({
  'one-layer': oneLayer(one),
  'long-names': longNames(long),
  'many-layers': manyLayers(many),
  loss,
});
