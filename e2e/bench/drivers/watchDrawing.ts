import type { Page } from '@playwright/test';

/** A page that draws graphs: where its file input is, and what is there once a graph is drawn. */
export interface Viewer {
  readonly name: 'studio' | 'netron';
  /** The page at rest, before a file. */
  readonly ready: string;
  readonly input: string;
  readonly drawn: string;
  /** The same once it can be clicked. */
  readonly answers: string;
  /** The pane that is dragged and zoomed. */
  readonly pane: string;
}

/** What is drawn for good: nodes, groups of nodes, or (of many nodes) the canvas with a box for each. */
const PANE = '.flow-pane [data-node], .flow-pane [data-group], .flow-pane canvas.far-view';

/** The graph is first a picture of what is in sight, with the same boxes in the same places. */
export const STUDIO: Viewer = {
  name: 'studio',
  ready: '[data-testid="model-files"]',
  input: '[data-testid="model-files"]',
  drawn: `.first-faces .flow-node, ${PANE}`,
  answers: PANE,
  pane: '.flow-pane',
};
export const NETRON: Viewer = {
  name: 'netron',
  ready: 'body.welcome:not(.spinner)',
  input: '#open-file-dialog',
  drawn: 'body.default #canvas',
  answers: 'body.default #canvas',
  pane: '#target',
};

declare global {
  interface Window {
    drawing?: { start: number | null; end: number | null };
  }
}

/**
 * From the moment the page is given a file to the first frame that has the graph; both pages are watched by the same
 * code, which looks at every frame.
 */
export async function watchDrawing(page: Page, drawn: string): Promise<void> {
  await page.addInitScript((selector: string) => {
    const drawing: { start: number | null; end: number | null } = { start: null, end: null };
    window.drawing = drawing;
    const look = () => {
      const found = document.querySelector(selector);
      const box = found?.getBoundingClientRect();
      if (box && box.width > 0) drawing.end = performance.now();
      else requestAnimationFrame(look);
    };
    const begin = () => {
      if (drawing.start !== null) return;
      drawing.start = performance.now();
      requestAnimationFrame(look);
    };
    document.addEventListener('change', begin, { capture: true });
    // Netron puts a function that throws in the place of eval, by which Playwright asks pages.
    const { eval: evaluate } = window;
    Object.defineProperty(window, 'eval', { get: () => evaluate, set: () => {} });
  }, drawn);
}

/** Milliseconds from the file to the graph. */
export async function drawnAfter(page: Page, timeout: number): Promise<number> {
  await page.waitForFunction(() => window.drawing?.end !== null, null, { timeout, polling: 'raf' });
  const { start, end } = (await page.evaluate(() => window.drawing)) ?? {};
  if (start == null || end == null) throw new Error('internal: the drawing was not watched.');
  return end - start;
}
