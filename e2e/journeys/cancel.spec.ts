import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures';
import { ALEXA, alexaData, alexaSamples } from './alexa';

/** Enough to be caught in the middle: the model takes one sample at a time. */
const MANY = 7000;
const FEW = 16;

/** Presses the button, and tells what the page says of it before it can have heard of the engine. */
const pressed = (cancel: Locator) =>
  cancel.evaluate(async (button: HTMLElement) => {
    const width = button.offsetWidth;
    button.click();
    await Promise.resolve();
    const line = document.querySelector('.status-phase')?.textContent;
    return { says: button.innerText, grew: button.offsetWidth - width, line };
  });

test('calibration can be cancelled and run again', async ({ studio }) => {
  await studio.open();
  await studio.openModel(ALEXA);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(alexaData('many.npy', MANY, alexaSamples(MANY, 1)));
  await expect(studio.page.getByText('many.npy').first()).toBeVisible();

  await studio.button('Calibrate').click();
  await studio.running('calibrate');
  await expect(studio.progress).toBeVisible();
  expect(await pressed(studio.cancel)).toEqual({
    says: 'Cancelling…',
    grew: 0,
    line: 'Cancelling Calibrate…',
  });
  await expect(studio.progress).toHaveCount(0);
  await expect(studio.step('calibrate')).not.toHaveAttribute('data-state', /running|done/);
  await studio.expectStep('prepare', 'done');

  await studio.openCalibration(alexaData('few.npy', FEW, alexaSamples(FEW, 2)));
  await expect(studio.page.getByText('few.npy').first()).toBeVisible();
  await studio.run('Calibrate');
  await studio.run('Equalize');
  expect((await studio.exportReport()).calibration.samples).toBe(FEW);
});
