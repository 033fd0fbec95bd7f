// The screens of the digits sample, in the order in which one session comes by them, from the first page to an error.
// `kept`: the widths at which the repository keeps the screen in light, `dark`: those in dark. `isNeeded`: the screens
// after it need what it does.
import { readFile } from 'node:fs/promises';
import {
  button,
  closeDrawer,
  closeMenu,
  finish,
  finishJob,
  idle,
  inspect,
  loaded,
  openDialog,
  openMenu,
  press,
  pressEscape,
  showPlot,
  tab,
} from './acts.mjs';

const BEFORE_ANY_STEP = [
  {
    name: 'first-page',
    kept: [1280, 1920, 768],
    dark: [768],
    show: (page) => page.locator('.card').nth(2).waitFor(),
  },
  {
    name: 'tour',
    kept: [1280],
    show: (page) => page.getByRole('button', { name: /^Take the tour/ }).click(),
    leave: (page) => button(page, 'Skip the tour').click(),
  },
  {
    name: 'loaded',
    isNeeded: true,
    show: async (page) => {
      await button(page, 'Handwritten digits').click();
      await loaded(page);
    },
  },
  ...['FX text', 'Results', 'Methods', 'Plots', 'ONNX Runtime', 'Log'].map((title) => ({
    name: `empty-${title.toLowerCase().replaceAll(' ', '-')}`,
    show: (page) => tab(page, title),
  })),
];

const STEPS = [
  {
    name: 'prepared',
    isNeeded: true,
    show: async (page) => {
      await tab(page, 'Layers');
      await finish(page, 'Prepare');
    },
  },
  {
    name: 'playback',
    kept: [1280],
    show: async (page) => {
      await button(page, 'First change').or(button(page, 'Previous change')).first().click();
    },
  },
  {
    name: 'converted',
    isNeeded: true,
    kept: [1280, 1920, 768],
    dark: [1280],
    show: (page) => finish(page, 'Convert'),
  },
  {
    name: 'painted',
    show: (page) => button(page, 'Paint by SQNR gain').click(),
    leave: (page) => button(page, 'Paint by SQNR gain').click(),
  },
  {
    name: 'layer',
    isNeeded: true,
    kept: [1280, 1920, 768],
    dark: [1280, 1920],
    show: (page) => inspect(page, 'linear1'),
  },
  {
    name: 'path',
    show: async (page) => {
      await button(page, 'Path: to inputs').click();
      await closeDrawer(page);
    },
    leave: pressEscape,
  },
  {
    name: 'search',
    show: async (page) => {
      await page.locator('#graph').focus();
      await page.keyboard.press('/');
      await page.keyboard.type('linear');
      await page.locator('.graph-search [role=option]').first().waitFor();
    },
    leave: pressEscape,
  },
  {
    name: 'before-after',
    kept: [1280, 1920],
    dark: [1280],
    show: async (page) => {
      await closeDrawer(page);
      await page.getByRole('radio', { name: 'Before/after' }).check();
    },
    leave: (page) => page.getByRole('radio', { name: 'Single' }).check(),
  },
  {
    name: 'outline',
    kept: [1280],
    show: (page) => button(page, 'Outline').click(),
    leave: (page) => button(page, 'Close the outline').click(),
  },
];

const PLOTS = [
  ['plot-input', 'Input ranges', [1280]],
  ['plot-input-histogram', 'Input ranges, histogram'],
  ['plot-weight', 'Weight ranges'],
  ['plot-scale', 'Equalization scale'],
  ['plot-values', 'Values and grid'],
  ['plot-heat', 'Weight heat map', [1280], [1280]],
  ['plot-sqnr', 'SQNR by layer'],
].map(([name, kind, kept, dark]) => ({ name, kept, dark, show: showPlot(kind) }));

const TABS = [
  { name: 'results', kept: [1280], show: (page) => tab(page, 'Results') },
  {
    name: 'methods',
    kept: [1280],
    show: async (page) => {
      await tab(page, 'Methods');
      await finishJob(page, 'Compare methods');
    },
  },
  { name: 'methods-by-layer', show: (page) => page.getByRole('radio', { name: 'By layer' }).check() },
  {
    name: 'advice',
    show: async (page) => {
      await finishJob(page, 'Advise');
      await page.getByRole('radio', { name: 'Advice' }).check();
    },
  },
  { name: 'plot-tall', show: (page) => tallPlots(page, true) },
  { name: 'plot-low', show: (page) => tallPlots(page, false) },
  ...PLOTS,
  {
    name: 'plot-counted',
    show: async (page) => {
      await showPlot('Values and grid')(page);
      const count = button(page, 'Count values');
      if (await count.isVisible()) await count.click();
      await idle(page);
    },
  },
  { name: 'onnx-runtime', show: (page) => tab(page, 'ONNX Runtime') },
  { name: 'log', show: (page) => tab(page, 'Log') },
  {
    name: 'fx-text',
    kept: [1280],
    show: (page) => tab(page, 'FX text'),
    leave: (page) => tab(page, 'Layers'),
  },
  {
    name: 'folded',
    show: (page) => button(page, 'Fold the lower panel').click(),
    leave: (page) => button(page, 'Unfold the lower panel').click(),
  },
];

async function tallPlots(page, isTall) {
  await tab(page, 'Plots');
  const tall = button(page, 'Tall');
  if (((await tall.getAttribute('aria-pressed')) === 'true') !== isTall) await tall.click();
}

/** The report as the file that it is, alone in a page of its own. */
async function reportPage(page) {
  await openMenu(page, 'Export', 'Report (.html)');
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Report (.html)', exact: true }).click();
  const html = await readFile(await (await downloading).path(), 'utf8');
  const report = await page.context().newPage();
  await report.setViewportSize(page.viewportSize());
  await report.setContent(html);
  return report;
}

const OVER_THE_PAGE = [
  { name: 'palette', kept: [1280], dark: [1280], show: press('Control+k'), leave: pressEscape },
  { name: 'keys', kept: [1280], show: press('?'), leave: pressEscape },
  { name: 'glossary', kept: [1280], show: (page) => openDialog(page, 'Glossary'), leave: pressEscape },
  {
    name: 'ways',
    kept: [1280],
    show: (page) => openDialog(page, 'How to bring a model'),
    leave: pressEscape,
  },
  { name: 'help-menu', show: (page) => openMenu(page, 'Help', 'Glossary'), leave: closeMenu },
  {
    name: 'export',
    kept: [1280],
    show: (page) => openMenu(page, 'Export', 'Report (.json)'),
    leave: closeMenu,
  },
  {
    name: 'project-menu',
    show: async (page) => {
      await page.getByRole('button', { name: /^Project: Saved/ }).waitFor();
      await openMenu(page, /^Project: /, 'New project');
    },
    leave: closeMenu,
  },
  {
    name: 'projects',
    kept: [1280],
    show: async (page) => {
      await page.keyboard.press('Control+o');
      await page.getByRole('dialog', { name: 'Projects' }).locator('[data-project]').first().waitFor();
    },
    leave: pressEscape,
  },
  {
    name: 'settings',
    isNarrow: true,
    show: (page) => button(page, 'Settings').click(),
    leave: pressEscape,
  },
  { name: 'report', kept: [1280], show: reportPage, leave: (_, report) => report.close() },
  {
    name: 'drop',
    show: (page) => drag(page, 'dragenter'),
    leave: (page) => drag(page, 'dragleave'),
  },
  {
    name: 'error',
    kept: [1280],
    show: async (page) => {
      const broken = { name: 'broken.onnx', mimeType: '', buffer: Buffer.from('no model') };
      await page.getByTestId('model-files').setInputFiles(broken);
      await page.getByRole('alert').waitFor();
    },
  },
];

/** Something is dragged over the window, or out of it. */
const drag = (page, type) =>
  page.evaluate((name) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'model.onnx'));
    window.dispatchEvent(new DragEvent(name, { dataTransfer }));
  }, type);

export const DIGITS = [...BEFORE_ANY_STEP, ...STEPS, ...TABS, ...OVER_THE_PAGE];
