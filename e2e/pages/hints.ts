import { expect, type Locator, type Page } from '@playwright/test';

/** Points at a control until its hint is there; gives the names of the other controls that the hint lies over. */
export async function coveredByHint(page: Page, control: Locator): Promise<readonly string[]> {
  await control.hover();
  const hint = page.getByRole('tooltip');
  await expect(hint).toHaveCount(1);
  await expect(hint).toHaveCSS('opacity', '1');
  const own = await control.boundingBox();
  return hint.evaluate(
    (element, { x, y }) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const controls = document.querySelectorAll('button, select, label, a, [role=slider], [role=tab]');
      return [...controls].flatMap((other) => {
        const box = other.getBoundingClientRect();
        const isOwn = box.left <= x + 1 && x <= box.right && box.top <= y + 1 && y <= box.bottom;
        const isOver = box.left < right && left < box.right && box.top < bottom && top < box.bottom;
        return isOver && !isOwn && box.width > 1 && other.closest('.flow-panes') === null
          ? [other.getAttribute('aria-label') ?? other.textContent]
          : [];
      });
    },
    { x: own?.x ?? Number.NaN, y: own?.y ?? Number.NaN },
  );
}
