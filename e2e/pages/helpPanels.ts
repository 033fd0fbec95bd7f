import { expect, type Locator, type Page } from '@playwright/test';

/** What is found by words: the command palette, the list of keys, the glossary, the outline, the tour. */
export class HelpPanels {
  readonly palette: Locator;
  readonly query: Locator;
  readonly options: Locator;
  readonly keys: Locator;
  readonly glossary: Locator;
  readonly tree: Locator;
  readonly tour: Locator;

  constructor(private readonly page: Page) {
    this.palette = page.getByRole('dialog', { name: 'Command palette' });
    this.query = this.palette.getByRole('combobox');
    this.options = this.palette.getByRole('option');
    this.keys = page.getByRole('dialog', { name: 'Keys' });
    this.glossary = page.getByRole('dialog', { name: 'Glossary' });
    this.tree = page.getByRole('tree', { name: 'Nodes by module' });
    this.tour = page.getByRole('region', { name: 'Tour' });
  }

  /** Finds an action by its words and runs it, by the keyboard alone. */
  async command(words: string, title: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.query.fill(words);
    await expect(this.options.first()).toContainText(title);
    await this.page.keyboard.press('Enter');
    await expect(this.palette).toHaveCount(0);
  }

  /** The tree's line that the keyboard is at. */
  async current(): Promise<string | null> {
    const id = await this.tree.getAttribute('aria-activedescendant');
    return this.page.locator(`[id="${id}"]`).getAttribute('data-outline');
  }
}
