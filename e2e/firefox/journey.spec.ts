import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { TestInfo } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { npyFile } from '../files/npy';
import { readOnnxGraph } from '../files/onnxGraph';
import { readSafetensors } from '../files/safetensors';
import { ALEXA, alexaSamples, FEATURES, FRAMES } from '../journeys/alexa';
import type { FirefoxStudio } from './firefoxStudio';
import { expect, test } from './fixtures';

const STEPS = ['load', 'prepare', 'calibrate', 'equalize', 'convert'] as const;
const SAMPLES = 64;

async function expectDone(studio: FirefoxStudio): Promise<void> {
  for (const step of STEPS) await studio.expectStep(step, 'done');
}

/** The figures of the digits sample: exact equalization, and int8 that gains by it. */
async function expectDigitsResults(studio: FirefoxStudio): Promise<void> {
  const [, accuracy] = await studio.results('float');
  expect(accuracy).toBe('98.33 %');
  const dB = async (model: string) => Number((await studio.results(model)).at(-1));
  expect(await dB('int8, equalized')).toBeGreaterThan((await dB('int8')) + 1);
  const notes = await studio.text('.results-notes');
  const relative = Number(/largest output ([\d.e−+-]+)\./.exec(notes)?.[1]?.replace('−', '-'));
  expect(relative, notes).toBeLessThan(1e-4);
}

async function expectDigitsFiles(studio: FirefoxStudio): Promise<void> {
  const { tensors } = readSafetensors(await studio.export('Weights (.safetensors)'));
  expect(tensors.get('linear1.weight')).toMatchObject({ dtype: 'F32', shape: [128, 64] });
  expect(tensors.get('linear1.weight')?.bytes.byteLength).toBe(4 * 128 * 64);
  const { nodes } = readOnnxGraph(await studio.export('Quantized model (.onnx)'));
  expect(nodes.filter(({ op }) => op === 'QuantizeLinear').length).toBeGreaterThan(2);
  expect(nodes.filter(({ op }) => op === 'Gemm' || op === 'MatMul')).toHaveLength(3);
}

/** How the page looks, in both colour schemes, for whoever reads the report. */
async function drawPictures(page: Page, info: TestInfo) {
  for (const scheme of ['light', 'dark']) {
    await page.evaluate((name) => {
      document.documentElement.dataset.mantineColorScheme = name;
    }, scheme);
    const path = info.outputPath(`converted-${scheme}.png`);
    await page.screenshot({ path: path as `${string}.png` });
    await info.attach(`converted-${scheme}`, { path, contentType: 'image/png' });
  }
}

test('a sample goes through every step on WASM and its threads, is undone and done again, and is there after a reload', async ({
  studio,
  browserPage: page,
  requests,
}, info) => {
  await studio.open();
  await page.locator('::-p-text(Handwritten digits)').click();
  await studio.expectText('[data-testid=backend]', /^WASM: no GPU(; its threads did not start)?$/);
  await studio.expectStep('load', 'done');
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const) await studio.run(name);
  await expectDigitsResults(studio);
  await expectDigitsFiles(studio);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(requests.filter((url) => url.includes('threaded-simd'))).not.toEqual([]);
  await drawPictures(page, info);

  await studio.click('button', 'Undo');
  await studio.expectStep('convert', 'todo');
  await studio.click('button', 'Redo');
  await studio.expectStep('convert', 'done');

  const convert = await studio.text('[data-step=convert]');
  await studio.saved();
  await page.reload();
  await expectDone(studio);
  expect(await studio.text('[data-step=convert]')).toBe(convert);
  await expectDigitsResults(studio);
  await studio.click('button', 'Undo');
  await studio.expectStep('convert', 'todo');
});

test('a model file and its data go the whole way, and both projects are kept', async ({
  studio,
  browserPage: page,
}, info) => {
  const data = info.outputPath('frames.npy');
  await writeFile(data, npyFile([SAMPLES, FRAMES, FEATURES], alexaSamples(SAMPLES, 1)));
  await studio.open({ sample: 'linear2' });
  await studio.expectStep('load', 'done');
  await studio.run('Prepare');
  await studio.saved();

  await studio.give('model', resolve(ALEXA));
  await studio.expectText('.model-name', /^alexa/);
  await studio.expectStep('load', 'done');
  await studio.give('calibration', data);
  await studio.expectText('aside, main', /frames\.npy/);
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const) await studio.run(name);
  const { nodes, initializers } = readOnnxGraph(await studio.export('Model (.onnx)'));
  expect(nodes.filter(({ op }) => op === 'Gemm')).toHaveLength(3);
  expect([...initializers.values()].map(({ dims }) => dims.join('×'))).toContain('128×128');
  expect(readOnnxGraph(await studio.export('Quantized model (.onnx)')).nodes.map(({ op }) => op)).toContain(
    'QuantizeLinear',
  );

  await studio.saved();
  await page.reload();
  await expectDone(studio);
  await studio.expectText('.model-name', /^alexa/);
  await page.keyboard.down('Control');
  await page.keyboard.press('o');
  await page.keyboard.up('Control');
  await page.waitForSelector('dialog [data-project=linear2]');
  await page.waitForSelector('dialog [data-project^=alexa]');
});

/**
 * Says whether text became code; runs in a task of the page's own, since the debugger's may do what it likes. Firefox
 * runs nothing in a worker for BiDi: there the journeys in Chromium look.
 */
const evalRuns = () =>
  new Promise<readonly string[]>((resolve) => {
    const attempts = [() => new Function('return 1')(), () => Reflect.get(globalThis, 'eval')('1')];
    const outcome = (attempt: () => unknown) => {
      try {
        return `ran: ${attempt()}`;
      } catch (error) {
        return String(error);
      }
    };
    setTimeout(() => resolve(attempts.map(outcome)));
  });

const REFUSED = expect.stringMatching(/^EvalError: .*blocked by CSP/);

test('no text becomes code', async ({ studio, browserPage: page, problems }) => {
  await studio.open({ sample: 'linear2' });
  await studio.expectStep('load', 'done');
  expect(await page.evaluate(evalRuns)).toEqual([REFUSED, REFUSED]);
  expect(problems.filter((problem) => !problem.includes('script-src'))).toEqual([]);
  problems.length = 0;
});
