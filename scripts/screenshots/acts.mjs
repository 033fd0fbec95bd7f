// What the screens have in common: what a person does to come from one to the next.

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const press = (key) => (page) => page.keyboard.press(key);
export const pressEscape = press('Escape');

/** No job is under way. */
export const idle = (page) => page.getByRole('progressbar').waitFor({ state: 'detached' });

export async function tab(page, name) {
  await page.getByRole('tab', { name, exact: true }).click();
  await page.getByRole('tabpanel', { name, exact: true }).waitFor();
}

export async function loaded(page) {
  await page.locator('[data-step=load][data-state=done]').waitFor();
  await idle(page);
}

/** Runs a step, and those before it that are missing, to its end. */
export async function finish(page, step) {
  await button(page, step).click();
  await page.locator(`[data-step=${step.toLowerCase()}][data-state=done]`).waitFor();
  await idle(page);
}

/** Runs a job beside the steps to its end. */
export async function finishJob(page, name) {
  await button(page, name).click();
  await page
    .getByRole('status')
    .filter({ hasText: `${name}: ` })
    .waitFor();
  await idle(page);
}

export async function openModel(page, { model, data }) {
  await page.getByTestId('model-files').setInputFiles(model);
  await loaded(page);
  await page.getByTestId('calibration-files').setInputFiles(data);
  await page
    .locator('.file-row')
    .filter({ hasText: data.name.slice(0, 12) })
    .first()
    .waitFor();
  await idle(page);
}

/** Selects a layer by its row, which shows it in the inspector wherever the graph is scrolled to. */
export async function inspect(page, layer) {
  await tab(page, 'Layers');
  await page.locator(`[data-layer="${layer}"]`).getByRole('link').click();
  await page.getByRole('heading', { name: layer, exact: true }).waitFor();
}

/** In a narrow window the inspector is a drawer. */
export async function closeDrawer(page) {
  const close = button(page, 'Close the inspector');
  if (await close.isVisible()) await close.click();
}

export async function openMenu(page, name, item) {
  await page.getByRole('button', { name }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).waitFor();
}

export async function closeMenu(page) {
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

export async function openDialog(page, item) {
  await openMenu(page, 'Help', item);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('dialog', { name: item }).waitFor();
}

export const showPlot = (kind) => async (page) => {
  await tab(page, 'Plots');
  await page.getByRole('combobox', { name: 'Plot', exact: true }).selectOption({ label: kind });
  await idle(page);
};
