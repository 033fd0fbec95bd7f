import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** The tab Methods: methods compared, SQNR by layer, advice. */
export class MethodsTab {
  readonly rows: Locator;
  readonly plot: Locator;
  /** Says that a table is of earlier settings or data. */
  readonly stale: Locator;

  constructor(private readonly page: Page) {
    this.rows = page.locator('[data-method]');
    this.plot = page.locator('.layers-plot .u-over');
    this.stale = page.locator('.methods .stale');
  }

  /** Runs one of the two jobs to its end. */
  async finish(job: 'Compare methods' | 'Advise'): Promise<void> {
    await this.page.getByRole('button', { name: job, exact: true }).click();
    await expect(this.page.getByRole('status')).toContainText(`${job}: `, { timeout: 120_000 });
    await expect(this.page.getByRole('progressbar')).toHaveCount(0);
  }

  async show(view: 'Comparison' | 'By layer' | 'Advice'): Promise<void> {
    await this.page.getByRole('radio', { name: view, exact: true }).check();
  }

  row(method: string): Locator {
    return this.page.locator(`[data-method="${method}"]`);
  }

  advice(layer: string): Locator {
    return this.page.locator(`[data-advice="${layer}"]`);
  }

  /** In dB, as the row prints it. */
  async sqnr(method: string): Promise<number> {
    return Number((await this.row(method).getByRole('cell').nth(1).textContent())?.replace('−', '-'));
  }

  /** Of all rows from the top down. */
  async sqnrs(): Promise<readonly number[]> {
    const cells = await this.rows.locator('td:nth-child(2)').allTextContents();
    return cells.map((text) => Number(text.replace('−', '-')));
  }

  /** Where a layer stands in the plot. */
  async layerPlace(index: number, layers: number): Promise<{ x: number; y: number }> {
    const box = await this.plot.boundingBox();
    return { x: ((index + 0.5) / layers) * (box?.width ?? 0), y: (box?.height ?? 0) / 2 };
  }

  async csv(): Promise<string> {
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Table (.csv)' }).click();
    return readFile(await (await downloading).path(), 'utf8');
  }
}
