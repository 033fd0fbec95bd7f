import { expect, type Page } from '@playwright/test';

/** What the project's button said, and where Undo and Redo stood then: pixels from the left. */
interface HeaderPlace {
  readonly words: string;
  readonly undo: number;
  readonly redo: number;
}

/** Looks at the header in every frame from now on; gives what it saw, each change once. */
function watch(page: Page) {
  return page.evaluateHandle(() => {
    const seen = new Map<string, HeaderPlace>();
    const left = (selector: string) => {
      const element = document.querySelector(selector);
      if (element === null) throw new Error(`the header has no ${selector}`);
      return element.getBoundingClientRect().left;
    };
    const look = () => {
      const said = document.querySelector('.project-button')?.getAttribute('aria-label') ?? '';
      const words = /Saving…|Not saved|Saved/.exec(said)?.[0] ?? said;
      const place = { words, undo: left('[aria-label=Undo]'), redo: left('[aria-label=Redo]') };
      seen.set(JSON.stringify(place), place);
      requestAnimationFrame(look);
    };
    look();
    return seen;
  });
}

/**
 * Looks at the header from now on. What it returns expects that the project's button has said all of these words since,
 * in this order, and that Undo and Redo have stood where they are through all of them.
 */
export async function watchHeader(page: Page): Promise<(words: readonly string[]) => Promise<void>> {
  const watched = await watch(page);
  return async (words) => {
    const seen = await watched.evaluate((places) => [...places.values()]);
    expect([...new Set(seen.map((place) => place.words))]).toEqual(words);
    const { undo, redo } = seen[0] ?? { undo: Number.NaN, redo: Number.NaN };
    for (const place of seen) expect(place).toEqual({ words: place.words, undo, redo });
  };
}
