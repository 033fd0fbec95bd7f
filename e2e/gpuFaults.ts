import type { Page, Worker } from '@playwright/test';

/*
 * Faults of the GPU in the page's worker, made from outside: a few lines in front of the worker's own script let a
 * test destroy the device that it opens, or have it refuse what is too large.
 */

/**
 * `limits`: larger than any device allows, a GPUValidationError. `memory`: as large as the device allows, which SwiftShader has no
 * memory for at once, a GPUOutOfMemoryError; filling its memory with buffers that it does give takes all of the machine's.
 */
type Refusal = 'limits' | 'memory';

/** What the lines keep, in the worker. */
interface Kept {
  /** The one that was opened last. */
  device: GPUDevice | null;
  /** Buffers of more bytes are refused. */
  largest: number;
  /** Why, and so by what the browser itself says no. */
  refusal: Refusal;
  /** Buffers that are not destroyed. */
  buffers: number;
  /** The device goes with so many pieces of work from now; 0: never. */
  loseIn: number;
}

const LINES = `
{
  const kept = { device: null, largest: Infinity, refusal: 'limits', buffers: 0, loseIn: 0 };
  globalThis.keptGpu = kept;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    kept.device = device;
    const submit = device.queue.submit.bind(device.queue);
    device.queue.submit = (commands) => {
      submit(commands);
      if (kept.loseIn > 0 && --kept.loseIn === 0) device.destroy();
    };
    const create = device.createBuffer.bind(device);
    device.createBuffer = (given) => {
      // The browser itself says no, and its buffer does nothing.
      const refused = kept.refusal === 'limits' ? 2 ** 40 : device.limits.maxBufferSize;
      const size = given.size > kept.largest ? refused : given.size;
      const buffer = create({ ...given, size, mappedAtCreation: size === given.size && given.mappedAtCreation });
      if (size !== given.size) {
        // As a buffer that was refused as it was asked for.
        Object.defineProperty(buffer, 'size', { value: given.size });
        if (given.mappedAtCreation) buffer.getMappedRange = () => new ArrayBuffer(given.size);
      }
      kept.buffers += 1;
      const destroy = buffer.destroy.bind(buffer);
      let isOpen = true;
      buffer.destroy = () => {
        if (isOpen) kept.buffers -= 1;
        isOpen = false;
        destroy();
      };
      return buffer;
    };
    return device;
  };
}
`;

/** Before the page is opened. */
export async function keepGpus(page: Page): Promise<void> {
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${LINES}\n${await response.text()}` });
  });
}

/** The worker that holds a GPU, or may. */
async function engineOf(page: Page): Promise<Worker> {
  for (const worker of page.workers())
    if (await worker.evaluate(() => 'keptGpu' in globalThis && self.name.startsWith('engine'))) return worker;
  throw new Error(`none of the page's ${page.workers().length} workers is the engine`);
}

/** The device is destroyed right behind a piece of work that is given to it, the `submits`th from now. */
export async function loseGpuIn(page: Page, submits: number): Promise<void> {
  const engine = await engineOf(page);
  await engine.evaluate((loseIn) => {
    (globalThis as unknown as { keptGpu: Kept }).keptGpu.loseIn = loseIn;
  }, submits);
}

/** The device is destroyed now. */
export async function loseGpu(page: Page): Promise<void> {
  const engine = await engineOf(page);
  await engine.evaluate(() => {
    const { device } = (globalThis as unknown as { keptGpu: Kept }).keptGpu;
    if (!device) throw new Error('no device was opened yet');
    device.destroy();
  });
}

/** From now on a buffer of more bytes is refused. */
export async function refuseBuffersBeyond(page: Page, bytes: number, refusal: Refusal): Promise<void> {
  const engine = await engineOf(page);
  await engine.evaluate(
    (given) => {
      Object.assign((globalThis as unknown as { keptGpu: Kept }).keptGpu, given);
    },
    { largest: bytes, refusal },
  );
}

/** Buffers of the GPU that are not destroyed. */
export async function openBuffers(page: Page): Promise<number> {
  const engine = await engineOf(page);
  return engine.evaluate(() => (globalThis as unknown as { keptGpu: Kept }).keptGpu.buffers);
}
