import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** The layers table with the bar over it. */
export class LayersTable {
  readonly rows: Locator;
  readonly table: Locator;
  readonly scroll: Locator;
  readonly text: Locator;
  readonly count: Locator;

  constructor(private readonly page: Page) {
    this.rows = page.locator('[data-layer]');
    this.table = page.getByRole('table', { name: 'Layers' });
    this.scroll = page.locator('.layers-scroll');
    this.text = page.getByRole('searchbox', { name: 'Filter layers' });
    this.count = page.locator('.layers-count');
  }

  names(): Promise<readonly string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-layer') ?? ''));
  }

  head(title: string): Locator {
    return this.table.getByRole('columnheader', { name: title, exact: true });
  }

  mark(layer: string): Locator {
    return this.page.getByRole('button', { name: `Select ${layer}`, exact: true });
  }

  select(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true });
  }

  async open(panel: 'Filter' | 'Columns'): Promise<Locator> {
    await this.page.getByRole('button', { name: new RegExp(`^${panel}.*…$`) }).click();
    // The one before may still be fading out.
    const popover = this.page.getByRole('dialog', { name: new RegExp(`^${panel}`) });
    await expect(popover).toBeVisible();
    return popover;
  }

  async csv(): Promise<string> {
    const popover = await this.open('Columns');
    const downloading = this.page.waitForEvent('download');
    await popover.getByRole('button', { name: 'Table (.csv)' }).click();
    return readFile(await (await downloading).path(), 'utf8');
  }
}
