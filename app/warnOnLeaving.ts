import { isAtRisk } from './store/projects/saving';
import type { StudioStore } from './store/studio';

/** The browser asks before a page is left whose work is kept neither by it nor in a file. */
export function warnOnLeaving(store: StudioStore): void {
  window.addEventListener('beforeunload', (event) => {
    if (isAtRisk(store.getState())) event.preventDefault();
  });
}
