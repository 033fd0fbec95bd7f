import { useEffect } from 'react';
import { useStudioStore } from '../store/context';
import type { Action } from './action';
import { ACTIONS } from './all';
import { chordOf, isPlain, isPressed } from './keys';

/** While one of these is open, keys are its own. */
const OVERLAYS = 'dialog[open], [role=dialog], [role=alertdialog], [role=menu]';
const TEXT =
  'input:not([type=checkbox], [type=radio], [type=range], [type=file]), textarea, [contenteditable=true]';
/** What Ctrl does inside a text: its own undo, and the clipboard. */
const TEXT_EDITING = ['z', 'y', 'a', 'c', 'v', 'x'];
/** What has a use for arrow keys, for Space and Enter, or for letters. */
const ARROW_USERS =
  '[role=slider], [role=tab], [role=tree], [role=listbox], [role=radiogroup], [role=grid], [type=radio], [type=range], select';
const PRESSED = 'button, a[href], summary, select, input, [role=button], [role=slider], [role=tree]';
const LETTER_USERS = 'select, [role=tree], [role=listbox]';

const isInside = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

/** Whether what has the focus has its own use for these keys. */
function isOwned(keys: string, target: EventTarget | null): boolean {
  const { key, mod } = chordOf(keys);
  if (isInside(target, TEXT)) return !mod || TEXT_EDITING.includes(key);
  if (mod) return false;
  if (key.startsWith('arrow')) return isInside(target, ARROW_USERS);
  if (key === ' ' || key === 'enter') return isInside(target, PRESSED);
  return /^[a-z]$/.test(key) && isInside(target, LETTER_USERS);
}

/** The actions that a press asks for, with the keys that it matches. */
const askedFor = (event: KeyboardEvent): readonly (readonly [Action, string])[] =>
  ACTIONS.flatMap((action) => {
    const keys = action.keys?.find((one) => isPressed(one, event));
    return keys === undefined ? [] : [[action, keys] as const];
  });

/** The one place that handles the keys of actions. Whoever handles a press first says so by preventing its default. */
export function useActionKeys() {
  const store = useStudioStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector(OVERLAYS) !== null) return;
      const studio = store.getState();
      const asked = askedFor(event).filter(
        ([, keys]) => !isOwned(keys, event.target) && (studio.plainKeys || !isPlain(keys)),
      );
      const [first] = asked;
      if (first === undefined) return;
      // The browser's own use of the keys, such as Ctrl+S, would only surprise.
      event.preventDefault();
      const able = asked.find(([action]) => (action.unavailable?.(studio) ?? null) === null);
      if (able !== undefined) return able[0].run(studio);
      if (!event.repeat) studio.announce(`${first[0].title}: ${first[0].unavailable?.(studio)}`);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [store]);
}
