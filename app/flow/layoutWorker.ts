import * as Comlink from 'comlink';
import { layoutScene } from './layout';
import { SMALL } from './smallLayout';

/** Layout in a thread of its own: thousands of nodes take seconds, during which the page must answer. */
Comlink.expose(layoutScene);

/** So often what is called is compiled for speed, too. */
const WARM_UPS = 3;

// The file is still being read: what the browser compiles is compiled when the graph is there. One that waits already goes first.
function warmUp(left: number): void {
  if (left === 0) return;
  layoutScene(SMALL);
  setTimeout(() => warmUp(left - 1));
}
setTimeout(() => warmUp(WARM_UPS));
