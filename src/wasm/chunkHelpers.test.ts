import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { chunksHelped, doInChunks, helpersReady, makeControl } from './chunks';
import { builtScript } from './testScript';

const JOB = [3, 1, 4, 1, 5, 9, 2, 6];

const script = await builtScript(new URL('./chunks.ts', import.meta.url), 'cjs');
const helpers: Worker[] = [];

/** A thread that helps with work given as the text of a function. */
async function startHelper(control: Int32Array<SharedArrayBuffer>, work: string): Promise<void> {
  const listen = `require('node:worker_threads').parentPort.on('message', (control) => exports.helpWithChunks(control, ${work}));`;
  const helper = new Worker(`${script}\n${listen}`, { eval: true });
  helpers.push(helper);
  helper.postMessage(control);
  await vi.waitUntil(() => helpersReady(control) > 0, { timeout: 20_000, interval: 10 });
}

/** The owner's part: it waits in its first chunk until a helper has one too, so that one is needed. */
const untilHelped = (control: Int32Array) => () => {
  const end = performance.now() + 20_000;
  while (chunksHelped(control) === 0) if (performance.now() > end) throw new Error('No helper took a chunk.');
};

afterEach(async () => {
  await Promise.all(helpers.splice(0).map((helper) => helper.terminate()));
});

it('a helper takes chunks while the owner is at one', async () => {
  const control = makeControl();
  await startHelper(control, '() => {}');
  doInChunks(control, JOB, 3, untilHelped(control));
  expect(chunksHelped(control)).toBeGreaterThan(0);
});

it('a helper that fails says why, and helps with the next job', async () => {
  const control = makeControl();
  await startHelper(
    control,
    '(job, chunk) => { if (job[0] === 3) throw new RangeError("no room for " + job[1]); }',
  );
  expect(() => doInChunks(control, JOB, 2, untilHelped(control))).toThrow(
    /^internal: a thread failed at chunk [12] of 2: RangeError: no room for 1$/,
  );
  expect(() => doInChunks(control, [4, ...JOB.slice(1)], 2, () => {})).not.toThrow();
});
