/** What a press of the pointer leaves the focus on, without a use for it there: the user is done with it. */
const DONE_WITH = 'button, [role=button], [type=radio], [type=checkbox]';

/**
 * Watches whether the focus came by the pointer: keys that are pressed then are meant for the page, not for the button
 * that happened to be clicked last. Gives a question to ask, and a way to stop.
 */
export function watchPointed(page: Window): {
  readonly isPointed: (target: EventTarget | null) => boolean;
  readonly stop: () => void;
} {
  let isByPointer = false;
  const onPointer = () => {
    isByPointer = true;
  };
  const onKey = ({ key }: KeyboardEvent) => {
    if (key === 'Tab') isByPointer = false;
  };
  page.addEventListener('pointerdown', onPointer, true);
  page.addEventListener('keydown', onKey, true);
  return {
    isPointed: (target) => isByPointer && target instanceof Element && target.matches(DONE_WITH),
    stop: () => {
      page.removeEventListener('pointerdown', onPointer, true);
      page.removeEventListener('keydown', onKey, true);
    },
  };
}
