import * as Comlink from 'comlink';
import { layoutScene } from './layout';
import { SMALL } from './smallLayout';

/** Layout in a thread of its own: thousands of nodes take seconds, during which the page must answer. */
Comlink.expose(layoutScene);

// The file is still being read: what the browser compiles at the first call is compiled when the graph is there. One that
// waits already goes first.
setTimeout(() => layoutScene(SMALL));
