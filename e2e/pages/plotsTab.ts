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

  async save(item: 'Picture (.png)' | 'Drawing (.svg)' | 'Table (.csv)'): Promise<Buffer> {
    await this.page.getByRole('button', { name: 'Save plot' }).click();
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item }).click();
    return readFile(await (await downloading).path());
  }
}
