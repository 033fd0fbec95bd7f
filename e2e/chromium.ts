import { existsSync } from 'node:fs';

/** A browser of the machine's own, or nothing, in which case Playwright starts the one that it installed. */
export const executablePath = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
].find((path) => path !== '' && existsSync(path));

/** SwiftShader stands in for a GPU, so that WebGPU is tested on machines that have none. */
export const args = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
