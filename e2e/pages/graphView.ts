import { expect, type Locator, type Page } from '@playwright/test';

/** Times between frames in milliseconds, while something moves. */
export interface FrameTimes {
  readonly median: number;
  readonly p95: number;
}

/** The graph in the middle of the page. */
export class GraphViewPage {
  readonly search: Locator;
  readonly minimap: Locator;
  readonly pathBar: Locator;

  constructor(readonly page: Page) {
    this.search = page.getByRole('combobox', { name: 'Search the graph' });
    this.minimap = page.getByRole('img', { name: 'Minimap of the whole graph' });
    this.pathBar = page.getByRole('region', { name: 'The path that is followed' });
  }

  /** A group by its full title, closed or open. */
  group(title: string): Locator {
    return this.page.locator(`[data-group="${title}"]`);
  }

  button(name: string): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true });
  }

  get found(): Locator {
    return this.page.getByRole('listbox', { name: 'Found in the graph' }).getByRole('option');
  }

  /** Whether a node is in its pane, whole. */
  async isInPane(node: Locator): Promise<boolean> {
    // What is far out of sight is not drawn, and has no box to wait for.
    if ((await node.count()) === 0) return false;
    const [inner, pane] = [
      await node.boundingBox(),
      await node.locator('xpath=ancestor::section[contains(@class, "flow-pane")]').boundingBox(),
    ];
    if (!inner || !pane) return false;
    return (
      inner.x >= pane.x &&
      inner.y >= pane.y &&
      inner.x + inner.width <= pane.x + pane.width &&
      inner.y + inner.height <= pane.y + pane.height
    );
  }

  /** Whether the list of what was found lies over a part of a node. */
  async isUnderList(node: Locator): Promise<boolean> {
    const list = this.page.getByRole('listbox', { name: 'Found in the graph' });
    const [one, other] = [await node.boundingBox(), await list.boundingBox()];
    if (!one || !other) return false;
    return (
      one.x < other.x + other.width &&
      other.x < one.x + one.width &&
      one.y < other.y + other.height &&
      other.y < one.y + one.height
    );
  }

  async expectInPane(node: Locator): Promise<void> {
    await expect.poll(() => this.isInPane(node)).toBe(true);
  }

  /** Times of the frames during `act`. */
  async frameTimes(count: number, act: () => Promise<void>): Promise<FrameTimes> {
    const measured = this.page.evaluate(
      (wanted) =>
        new Promise<{ median: number; p95: number }>((resolve) => {
          const times: number[] = [];
          let last = performance.now();
          const tick = () => {
            const now = performance.now();
            times.push(now - last);
            last = now;
            if (times.length < wanted) return requestAnimationFrame(tick);
            times.sort((a, b) => a - b);
            const at = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN;
            return resolve({ median: at(0.5), p95: at(0.95) });
          };
          requestAnimationFrame(tick);
        }),
      count,
    );
    await act();
    return measured;
  }

  /** Drags the graph by the mouse, in small steps. */
  async drag(): Promise<void> {
    const pane = await this.page.locator('.flow-pane').first().boundingBox();
    if (!pane) throw new Error('the page shows no graph');
    const [x, y] = [pane.x + 24, pane.y + pane.height - 120];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    for (let step = 1; step <= 30; step++) await this.page.mouse.move(x + 2 * step, y - 8 * step);
    await this.page.mouse.up();
  }
}
