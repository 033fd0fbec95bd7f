import * as Comlink from 'comlink';
import { layoutScene } from './layout';

/** Layout in a thread of its own: thousands of nodes take seconds, during which the page must answer. */
Comlink.expose(layoutScene);
