// `npm run bench`: installs what is missing, measures in real Chromium, prints ratios and memory; exit code 1 past a bound.
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { largeModelCells, measureLargeModel } from './largeModel.mjs';
import { fail, ROOT, requireNode } from './run.mjs';

const BROWSER_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

async function startServer() {
  const { createServer } = await import('vite');
  const server = await createServer({
    configFile: false,
    root: ROOT,
    // Its own cache and port: a development server may be running.
    cacheDir: 'node_modules/.vite-bench',
    logLevel: 'error',
    server: {
      port: 0,
      watch: null,
      hmr: false,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
    // Found while the page runs, they would reload it in the middle of a measurement.
    optimizeDeps: {
      noDiscovery: true,
      include: [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-backend-cpu',
        '@tensorflow/tfjs-backend-wasm',
        '@tensorflow/tfjs-backend-webgpu',
      ],
    },
  });
  return server.listen();
}

/** Runs the page's measurements; an error on its console (WebGPU's own among them) is an error here. */
async function measure(url, executablePath) {
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      // WebGPU reports invalid shaders as warnings.
      if (message.type() === 'error' || /webgpu|wgsl|dawn/i.test(message.text())) errors.push(message.text());
    });
    await page.goto(`${url}e2e/bench/index.html`);
    await page.waitForFunction(() => window.runBench !== undefined, null, { timeout: 60_000 });
    const rows = await page.evaluate(() => window.runBench());
    if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
    return rows;
  } finally {
    await browser.close();
  }
}

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** Prints rows of cells, left-aligned in columns. */
function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('   ')
        .trimEnd(),
    );
}

requireNode();
await installDependencies();
const executablePath = await findBrowser();
const server = await startServer();
let rows;
let large;
try {
  rows = await measure(server.resolvedUrls.local[0], executablePath);
  console.log('A model of half a gigabyte in the page: this takes minutes …');
  if ((await build()) !== 0) fail('The build failed: see the messages above.');
  const { writeLargeModel } = await server.ssrLoadModule('/e2e/bench/largeModel.ts');
  large = await measureLargeModel(executablePath, BROWSER_ARGS, writeLargeModel);
} catch (error) {
  fail(`The bench could not run: ${error.message}`);
} finally {
  await server.close();
}

const cells = rows.map(({ task, device, rival, ours, rivals, bound }) => {
  const ratio = rivals / ours;
  return [
    task,
    device,
    ms(ours),
    `${rival} ${ms(rivals)}`,
    `${ratio.toFixed(1)}×`,
    bound === null ? 'none' : `≥ ${bound}×`,
    bound === null ? '' : ratio >= bound ? 'ok' : 'FAILED',
  ];
});
printTable([['task', 'device', 'studio', 'against', 'ratio', 'bound', ''], ...cells]);

const sized = largeModelCells(large);
if (sized.length === 0) console.log('Memory is measured on Linux only: no row for the large model.');
else {
  const head = `ONNX, external data, ${Math.round(large.bytes / 1e6)} MB`;
  printTable([[head, 'device', 'time', 'peak memory', '÷ file', 'bound', ''], ...sized]);
}
process.exit([...cells, ...sized].every((row) => row.at(-1) !== 'FAILED') ? 0 : 1);
