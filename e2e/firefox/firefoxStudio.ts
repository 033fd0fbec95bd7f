import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { ElementHandle, Page } from 'puppeteer-core';

type Step = 'load' | 'prepare' | 'calibrate' | 'equalize' | 'convert';
type StepButton = 'Prepare' | 'Calibrate' | 'Equalize' | 'Convert';

const STEP_OF = {
  Prepare: 'prepare',
  Calibrate: 'calibrate',
  Equalize: 'equalize',
  Convert: 'convert',
} as const;

const STEP_TIMEOUT = { timeout: 120_000 };

/** The studio's page by its stable names, as StudioPage has it, through Puppeteer. */
export class FirefoxStudio {
  constructor(
    readonly page: Page,
    private readonly downloads: string,
    private readonly origin: string,
  ) {}

  async open(options: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.goto(`${this.origin}/?${new URLSearchParams(options)}`);
  }

  async click(role: string, name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
  }

  async give(purpose: 'model' | 'calibration' | 'evaluation', path: string): Promise<void> {
    const input = await this.page.waitForSelector(`[data-testid=${purpose}-files]`);
    await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
  }

  async expectStep(step: Step, state: 'todo' | 'running' | 'done' | 'failed'): Promise<void> {
    await this.page.waitForSelector(`[data-step=${step}][data-state=${state}]`, STEP_TIMEOUT);
  }

  /** Runs a step to its end, with what follows it. */
  async run(name: StepButton): Promise<void> {
    await this.click('button', name);
    await this.expectStep(STEP_OF[name], 'done');
    await this.page.waitForSelector('[role=progressbar]', { ...STEP_TIMEOUT, hidden: true });
  }

  /** The text of the first element that a selector finds, once there is one. */
  async text(selector: string): Promise<string> {
    const element = await this.page.waitForSelector(selector);
    return (await element?.evaluate((found) => found.textContent)) ?? '';
  }

  async expectText(selector: string, expected: RegExp): Promise<void> {
    await expect.poll(() => this.text(selector)).toMatch(expected);
  }

  /** The cells of a row of the tab Results: `float`, `int8`, `int8, equalized`. */
  async results(model: string): Promise<readonly string[]> {
    await this.click('tab', 'Results');
    await this.page.waitForSelector('[role=tabpanel] table');
    const rows = await this.page.$$eval('[role=tabpanel] tr', (found) =>
      found.map(({ children }) => [...children].map(({ textContent }) => textContent?.trim() ?? '')),
    );
    return rows.find(([name]) => name === model) ?? [];
  }

  async saved(): Promise<void> {
    await this.page.waitForSelector('.project-button[data-saved=true]');
  }

  async export(item: string): Promise<Buffer> {
    await this.click('button', 'Export');
    await this.click('menuitem', item);
    const path = await this.downloaded(item);
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  }

  /** Where the one download is, once it is whole: until then Firefox keeps a part file beside it. */
  private async downloaded(item: string): Promise<string> {
    const whole = async () => {
      const files = await readdir(this.downloads);
      if (files.length !== 1 || files[0] === undefined || files[0].endsWith('.part')) return 0;
      return (await stat(join(this.downloads, files[0]))).size;
    };
    await expect.poll(whole, { message: `the download of ${item}` }).toBeGreaterThan(0);
    const [name = ''] = await readdir(this.downloads);
    return join(this.downloads, name);
  }
}
