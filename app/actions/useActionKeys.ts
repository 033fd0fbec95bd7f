import { useEffect } from 'react';
import { useStudioStore } from '../store/context';
import type { Studio, StudioStore } from '../store/studio';
import type { Action } from './action';
import { ACTIONS } from './all';
import { chordOf, isPlain, isPressed } from './keys';
import { watchPointed } from './pointed';

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
  if (isInside(target, TEXT)) return mod ? TEXT_EDITING.includes(key) : !/^f\d+$/.test(key);
  if (mod) return false;
  if (key.startsWith('arrow')) return isInside(target, ARROW_USERS);
  if (key === ' ' || key === 'enter') return isInside(target, PRESSED);
  return /^[a-z]$/.test(key) && isInside(target, LETTER_USERS);
}

type Asked = readonly [Action, string];

const isAble = (action: Action, studio: Studio): boolean => (action.unavailable?.(studio) ?? null) === null;

/** The actions that a press asks for, with the keys that it matches. */
const askedFor = (event: KeyboardEvent): readonly Asked[] =>
  ACTIONS.flatMap((action) => {
    const keys = action.keys?.find((one) => isPressed(one, event));
    return keys === undefined ? [] : [[action, keys]];
  });

const HINT_MS = 5000;

/** Says why nothing happened, for as long as that may still be true. */
function hint(store: StudioStore, text: string): void {
  store.getState().announce(text);
  setTimeout(() => {
    if (store.getState().status === text) store.setState({ status: '' });
  }, HINT_MS);
}

/** The one place that handles the keys of actions. Whoever handles a press first says so by preventing its default. */
export function useActionKeys() {
  const store = useStudioStore();
  useEffect(() => {
    const { isPointed, stop } = watchPointed(window);
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || event.isComposing || document.querySelector(OVERLAYS) !== null) return;
      const studio = store.getState();
      const isFree = ([action, keys]: Asked) =>
        !isOwned(keys, target) || (isPointed(target) && action.overButtons?.(studio) === true);
      const asked = askedFor(event).filter((one) => isFree(one) && (studio.plainKeys || !isPlain(one[1])));
      const [first] = asked;
      if (first === undefined) return;
      // Or the button under it would be pressed when the key is let go.
      if (isOwned(first[1], target) && target instanceof HTMLElement) target.blur();
      // The browser's own use of the keys, such as Ctrl+S, would only surprise.
      event.preventDefault();
      const able = asked.find(([action]) => isAble(action, studio));
      if (able !== undefined) return able[0].run(studio);
      if (!event.repeat) hint(store, `${first[0].title}: ${first[0].unavailable?.(studio)}`);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      stop();
      window.removeEventListener('keydown', onKey);
    };
  }, [store]);
}
