import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** The tab Plots: one plot with its tools. */
export class PlotsTab {
  /** The drawing: a slider to the keyboard, whose value is the pointed mark. */
  readonly drawing: Locator;
  readonly note: Locator;
  readonly reset: Locator;

  constructor(private readonly page: Page) {
    this.drawing = page.locator('.plots').getByRole('slider');
    this.note = page.locator('.plots-note');
    this.reset = page.getByRole('button', { name: 'Reset zoom' });
  }

  async show(kind: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Plot', exact: true }).selectOption({ label: kind });
  }
  async sort(by: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Sort', exact: true }).selectOption({ label: by });
  }
  get log(): Locator {
    return this.page.getByRole('button', { name: 'Log', exact: true });
  }

  /** What is said of the pointed mark. */
  async expectPointed(text: string | RegExp): Promise<void> {
    await expect(this.drawing).toHaveAttribute('aria-valuetext', text);
  }

  /**
   * From an event to the end of the frame that shows it, in milliseconds, over turns of the wheel and a drag; `idle` is a
   * frame in which nothing happens.
   */
  redrawTimes(): Promise<{ readonly idle: number; readonly median: number }> {
    return this.drawing.evaluate(async (element) => {
      const box = element.getBoundingClientRect();
      const at = (x: number) => ({ bubbles: true, clientX: box.left + box.width * x, clientY: box.top + 60 });
      const medianOf = async (count: number, act: (step: number) => void) => {
        const times: number[] = [];
        for (let step = 0; step < count; step++) {
          const start = performance.now();
          act(step);
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
          times.push(performance.now() - start);
        }
        return times.toSorted((a, b) => a - b)[count >> 1] ?? Number.NaN;
      };
      const wheel = (deltaY: number) => () =>
        element.dispatchEvent(new WheelEvent('wheel', { ...at(0.5), cancelable: true, deltaY }));
      const point = (type: string, x: number) =>
        element.dispatchEvent(new PointerEvent(type, { ...at(x), pointerId: 1 }));
      // There is no real pointer to be held.
      element.setPointerCapture = () => undefined;
      const idle = await medianOf(9, () => undefined);
      const medians = [await medianOf(9, wheel(-120))];
      point('pointerdown', 0.5);
      medians.push(await medianOf(9, (step) => point('pointermove', 0.5 - step / 40)));
      point('pointerup', 0.2);
      medians.push(await medianOf(9, wheel(120)));
      return { idle, median: Math.max(...medians) };
    });
  }

  async save(item: 'Picture (.png)' | 'Drawing (.svg)' | 'Table (.csv)'): Promise<Buffer> {
    await this.page.getByRole('button', { name: 'Save plot' }).click();
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item }).click();
    return readFile(await (await downloading).path());
  }
}
