import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';

test.use({ serviceWorkers: 'allow' });

/** Where the build puts the service worker; a changed byte makes it a new version. */
const WORKER = 'dist/serviceWorker.js';

/** Until the first visit's files are kept and the service worker serves them. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      );
  });

test('after the first visit the studio works without a network', async ({ studio, page, context }) => {
  await studio.open({ backend: 'wasm' });
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'Digits' }).first().click();
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Weights (.safetensors)', exact: true }).click();
  expect(readFileSync(await (await download).path()).byteLength).toBeGreaterThan(1000);
});

/** Runs a test in which the server has newer files, and puts back those of the build. */
async function withNewVersions(
  use: (publish: (page: Page) => Promise<void>) => Promise<void>,
): Promise<void> {
  const worker = readFileSync(WORKER, 'utf8');
  const publish = async (page: Page) => {
    writeFileSync(WORKER, `${worker}\n// newer`);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  };
  try {
    await use(publish);
  } finally {
    writeFileSync(WORKER, worker);
  }
}

const isNewest = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration?.active !== null && registration?.waiting === null;
  });

test('a newer version waits for its user during work', async ({ studio, page }) => {
  await withNewVersions(async (publish) => {
    await studio.open({ backend: 'cpu', sample: 'linear2' });
    await studio.expectStep('load', 'done');
    await kept(page);
    await publish(page);
    const note = page.getByRole('region', { name: 'New version' });
    await expect(note).toContainText('A newer version of the studio is there');
    const loaded = page.waitForEvent('load');
    await note.getByRole('button', { name: 'Load it' }).click();
    await loaded;
    await expect.poll(() => isNewest(page)).toBe(true);
    await studio.expectStep('load', 'done');
  });
});

test('a newer version comes by itself before any work', async ({ studio, page }) => {
  await withNewVersions(async (publish) => {
    await studio.open({ backend: 'cpu' });
    await expect(page.getByRole('button', { name: 'Digits' }).first()).toBeVisible();
    await kept(page);
    const loaded = page.waitForEvent('load');
    // The page may be gone before the answer comes.
    await Promise.all([loaded, publish(page).catch(() => undefined)]);
    await expect.poll(() => isNewest(page)).toBe(true);
    await expect(page.getByRole('region', { name: 'New version' })).toHaveCount(0);
  });
});

test('what the page may load and run is its own files alone', async ({ studio, page, problems }) => {
  await studio.open({ backend: 'cpu' });
  const refused = await page.evaluate(async () => {
    // Both the page and its headers carry the policy: each refusal comes twice.
    const blocked = new Set<string>();
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      blocked.add(effectiveDirective),
    );
    await fetch('https://example.com/').catch(() => undefined);
    await new Promise((resolve) => {
      const image = new Image();
      image.onerror = resolve;
      image.src = 'https://example.com/a.png';
    });
    try {
      new Function('return 1')();
    } catch {
      // As it must be.
    }
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    await new Promise((resolve) => setTimeout(resolve));
    return { blocked: [...blocked].sort(), ran: 'ran' in globalThis };
  });
  expect(refused.ran).toBe(false);
  expect(refused.blocked).toEqual(['connect-src', 'img-src', 'script-src', 'script-src-elem']);
  // Each of them was said on the console, and none came as far as a request.
  expect(problems.filter((text) => text.startsWith('a request'))).toEqual([]);
  problems.length = 0;
});

test('the licences of all that is shipped can be read from the page', async ({ studio, page }) => {
  await studio.open({ backend: 'cpu' });
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  const opening = page.waitForEvent('popup');
  await page.getByRole('menuitem', { name: 'Licences' }).click();
  const text = (await (await opening).locator('body').textContent()) ?? '';
  // Of the page's own bundle, of the engine's, of the runtime's, and one whose package comes without its text.
  for (const name of ['react-dom', 'zod', '@tensorflow/tfjs-core', 'onnxruntime-web'])
    expect(text).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, 'm'));
  expect(text).toContain('Apache License');
});

test('no text becomes code in a worker', async ({ studio, page, problems }) => {
  await studio.open({ backend: 'cpu', sample: 'linear2' });
  await studio.expectStep('load', 'done');
  const engine = page.workers().find((worker) => worker.url().includes('/assets/worker'));
  const outcome = await engine?.evaluate(
    () =>
      new Promise<readonly string[]>((resolve) => {
        const attempts = [() => new Function('return 1')(), () => Reflect.get(globalThis, 'eval')('1')];
        const run = (attempt: () => unknown) => {
          try {
            return `ran: ${attempt()}`;
          } catch (error) {
            return String(error);
          }
        };
        // A task of the worker's own: the debugger's may do what it likes.
        setTimeout(() => resolve(attempts.map(run)));
      }),
  );
  const refused = expect.stringMatching(/^EvalError: .*Content Security Policy/);
  expect(outcome).toEqual([refused, refused]);
  problems.length = 0;
});
