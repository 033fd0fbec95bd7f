import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { type Report, reportSchema } from '../files/report';
import { LayerInspector } from './layerInspector';

type Step = 'load' | 'prepare' | 'calibrate' | 'equalize' | 'convert';
type StepState = 'todo' | 'running' | 'done' | 'failed';
type StepButton = 'Prepare' | 'Calibrate' | 'Equalize' | 'Convert';
type ExportItem =
  | 'Weights (.safetensors)'
  | 'Model (.onnx)'
  | 'Graph (.txt)'
  | 'Report (.json)'
  | 'Report (.html)'
  | 'Report (Markdown, .zip)';
/** A file on disk, or one made up in the test. */
export type TestFile = string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

const STEP_OF = {
  Prepare: 'prepare',
  Calibrate: 'calibrate',
  Equalize: 'equalize',
  Convert: 'convert',
} as const;

/** Megabytes go to the browser through its debugger: seconds on a busy machine. */
const HANDED_OVER = { timeout: 60_000 };

/** The studio's page by the stable names that tests and users may rely on. */
export class StudioPage {
  readonly alert: Locator;
  readonly progress: Locator;
  readonly status: Locator;
  readonly cancel: Locator;

  constructor(readonly page: Page) {
    this.alert = page.getByRole('alert');
    this.progress = page.getByRole('progressbar');
    this.status = page.getByRole('status');
    this.cancel = page.getByRole('button', { name: 'Cancel', exact: true });
  }

  /** Opens the page; WebGPU is forced, since a software adapter would be passed over for WASM. */
  async open(options: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.goto(`/?${new URLSearchParams({ backend: 'webgpu', ...options })}`);
  }

  async openModel(file: TestFile): Promise<void> {
    await this.page.getByTestId('model-files').setInputFiles(file, HANDED_OVER);
  }

  async openCalibration(file: TestFile): Promise<void> {
    await this.page.getByTestId('calibration-files').setInputFiles(file, HANDED_OVER);
  }

  step(step: Step): Locator {
    return this.page.locator(`[role=listitem][data-step=${step}], li[data-step=${step}]`);
  }

  async expectStep(step: Step, state: StepState): Promise<void> {
    const timeout = step === 'load' ? 20_000 : 120_000;
    await expect(this.step(step)).toHaveAttribute('data-state', state, { timeout });
  }

  /** Waits for a step to be under way; unlike the other waits it looks at every frame, as that may be short. */
  async running(step: Step): Promise<void> {
    await this.page.locator(`[data-step=${step}][data-state=running]`).waitFor();
  }

  button(name: StepButton): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Runs a step, and the earlier ones that are missing, to its end. */
  async run(name: StepButton): Promise<void> {
    await this.button(name).click();
    await this.expectStep(STEP_OF[name], 'done');
    await expect(this.progress).toHaveCount(0);
  }

  async chooseSemantics(name: 'Exact' | 'PyTorch'): Promise<void> {
    await this.page
      .getByRole('radiogroup', { name: 'Semantics' })
      .getByRole('radio', { name, exact: true })
      .check();
  }

  get method(): Locator {
    return this.page.getByRole('combobox', { name: 'Method', exact: true });
  }

  /** Selects a layer in the table and shows it in the inspector. */
  async inspect(layer: string): Promise<LayerInspector> {
    await this.panel('Layers');
    await this.layer(layer).getByRole('link', { name: layer, exact: true }).click();
    return new LayerInspector(this.page, layer);
  }

  /** Waits until the browser keeps everything up to now. */
  async saved(): Promise<void> {
    await expect(this.page.locator('.project-button')).toHaveAttribute('data-saved', 'true');
  }

  /** Waits until the job under way is done, and all that came of it is there. */
  async settled(): Promise<void> {
    await expect(this.progress).toHaveCount(0);
  }

  /** Graph nodes of this name; before | after shows a node that stays on both sides. */
  node(name: string, change?: 'added' | 'removed' | 'changed' | 'same'): Locator {
    const state = change === undefined ? '' : `[data-change="${change}"]`;
    return this.page.locator(`[data-node="${name}"]${state}`);
  }

  layer(name: string): Locator {
    return this.page.locator(`[data-layer="${name}"]`);
  }

  async panel(name: 'Layers' | 'FX text' | 'Results' | 'Methods' | 'Plots' | 'Log'): Promise<Locator> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    return this.page.getByRole('tabpanel', { name, exact: true });
  }

  /** The shown step's graph as the page prints it. */
  async fxText(): Promise<string> {
    const text = await (await this.panel('FX text')).locator('pre').textContent();
    return (text ?? '').trimEnd();
  }

  /** A row of the results: `float`, `int8` or `int8, equalized`. Accuracy is a fraction. */
  async accuracy(model: string): Promise<number> {
    const results = await this.panel('Results');
    const cell = results.getByRole('row', { name: new RegExp(`^${model} `) }).getByRole('cell');
    const text = (await cell.first().textContent()) ?? '';
    const percent = /^([\d.]+)\s*%$/.exec(text.trim());
    if (!percent) throw new Error(`accuracy of ${model}: expected a percentage, the page shows '${text}'`);
    return Number(percent[1]) / 100;
  }

  async export(item: ExportItem): Promise<Buffer> {
    await this.page.getByRole('button', { name: 'Export', exact: true }).click();
    const downloading = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
    return readFile(await (await downloading).path());
  }

  async exportReport(): Promise<Report> {
    return reportSchema.parse(JSON.parse((await this.export('Report (.json)')).toString('utf8')));
  }
}
