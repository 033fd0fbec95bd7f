import { expect, type Locator, type Page } from '@playwright/test';

/** What the inspector offers for one layer: its figures, and what the user decides for it. */
export class LayerInspector {
  readonly section: Locator;
  readonly equalize: Locator;
  readonly method: Locator;
  /** The plot of scales: a slider to the keyboard. */
  readonly plot: Locator;
  readonly columnField: Locator;
  readonly scaleField: Locator;
  readonly set: Locator;
  readonly takeBack: Locator;
  readonly takeAllBack: Locator;
  readonly edits: Locator;

  constructor(
    private readonly page: Page,
    layer: string,
  ) {
    this.section = page.getByRole('region', { name: 'By hand' });
    const button = (name: string) => this.section.getByRole('button', { name, exact: true });
    this.equalize = this.section.getByRole('checkbox', { name: 'Equalize this layer' });
    this.method = this.section.getByRole('combobox', { name: `Method of ${layer}`, exact: true });
    this.plot = this.section.getByRole('slider', { name: `Scales of ${layer}`, exact: true });
    this.columnField = this.section.getByRole('spinbutton', { name: 'Column' });
    this.scaleField = this.section.getByRole('textbox', { name: 'Scale' });
    this.set = button('Set');
    this.takeBack = button('Take back');
    this.takeAllBack = button('Take all back');
    this.edits = this.section.getByRole('list', { name: 'Scales set by hand' }).getByRole('listitem');
  }

  async setScale(column: number, scale: string): Promise<void> {
    await this.columnField.fill(String(column));
    await this.scaleField.fill(scale);
    await this.set.click();
  }

  /** Drags the mark of a column up by a share of the plot's height; `onTheWay` runs before the release. */
  async drag(column: number, columns: number, share: number, onTheWay: () => Promise<void>): Promise<void> {
    await this.columnField.fill(String(column));
    const area = await this.plot.locator('.u-over').boundingBox();
    if (area === null) throw new Error('the plot of scales is not on the page');
    const x = area.x + ((column + 0.5) / columns) * area.width;
    // Near no mark the pointer takes the column under it, so it may start anywhere in the column.
    const y = area.y + area.height - 2;
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x, y - share * area.height, { steps: 4 });
    await onTheWay();
    await this.page.mouse.up();
  }

  /** The rule that made the scale, as it stands beside the decision. */
  async expectRule(rule: string | RegExp): Promise<void> {
    await expect(this.page.locator('.decision .rule')).toHaveText(rule);
  }
}
