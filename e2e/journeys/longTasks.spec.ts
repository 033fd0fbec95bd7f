import { expect, test } from '../fixtures';
import { LongTasks } from '../pages/longTasks';
import type { StudioPage } from '../pages/studioPage';

/**
 * Processor time of one task in milliseconds, half as much again as was measured, or more, under tracing. The aim is 50 for all:
 * the tabs are at it (20 to 61); opening (75 to 103) and the steps (58 to 124), which draw the whole page anew at once, are not yet.
 */
const STEP_BOUND_MS = 190;
const BOUND_MS = 100;
const BOUNDS: Readonly<Record<string, number>> = {
  open: 160,
  Prepare: STEP_BOUND_MS,
  Calibrate: STEP_BOUND_MS,
  Equalize: STEP_BOUND_MS,
  Convert: STEP_BOUND_MS,
};

const boundOf = (phase: string): number => BOUNDS[phase] ?? BOUND_MS;

async function goThrough(studio: StudioPage, watched: LongTasks): Promise<void> {
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const)
    await watched.during(name, () => studio.run(name));
  for (const name of ['FX text', 'Results', 'Methods', 'Plots', 'Log', 'Layers'] as const)
    await watched.during(`tab ${name}`, () => studio.panel(name));
  await watched.during('before/after', () =>
    studio.page.getByRole('radio', { name: 'Before/after' }).check(),
  );
}

/** Prints what was measured, and holds every phase to its bound of processor time. */
async function expectShort(title: string, watched: LongTasks) {
  const phases = await watched.read();
  const lines = phases.map(
    ({ phase, count, longest, longestCpu }) =>
      `  ${phase}: ${Math.round(longestCpu)} ms of processor time at a stretch; ${count} long tasks, longest ${Math.round(longest)} ms`,
  );
  console.log([title, ...lines].join('\n'));
  const late = phases.filter(({ phase, longestCpu }) => longestCpu > boundOf(phase));
  expect(late.map(({ phase, longestCpu }) => `${phase}: ${Math.round(longestCpu)} ms`)).toEqual([]);
}

test('no step of the digits sample keeps the page busy for longer than its bound', async ({
  studio,
  page,
}) => {
  const watched = await LongTasks.watch(page);
  await studio.open({ backend: 'wasm' });
  await watched.during('start', () => expect(page.getByTestId('backend')).toHaveText(/WASM/));
  await watched.during('open', async () => {
    await page.getByRole('button', { name: 'Digits' }).first().click();
    await studio.expectStep('load', 'done');
  });
  await goThrough(studio, watched);
  await expectShort('digits', watched);
});
