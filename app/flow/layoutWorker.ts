import * as Comlink from 'comlink';
import { layoutGraph } from './layout';

/** Layout in a thread of its own: thousands of nodes take seconds, during which the page must answer. */
Comlink.expose(layoutGraph);
