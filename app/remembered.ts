import type { StudioStore } from './store/studio';
import { z } from './zod';

const KEY = 'equalization-studio-help';
const Remembered = z.object({ tourSeen: z.boolean(), plainKeys: z.boolean() });

function read(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null');
  } catch {
    // Storage is blocked, or holds another page's text: the visit is a first one.
    return null;
  }
}

/** What the user has decided about help stays for the next visit. */
export function rememberHelp(store: StudioStore) {
  const known = Remembered.safeParse(read());
  if (known.success) store.setState(known.data);
  store.subscribe(({ tourSeen, plainKeys }, before) => {
    if (tourSeen === before.tourSeen && plainKeys === before.plainKeys) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ tourSeen, plainKeys }));
    } catch (error) {
      store.getState().note(`The choice is not kept for the next visit: ${String(error)}`);
    }
  });
}
