import * as Comlink from 'comlink';
import { type LayoutRequest, layoutScene } from './layout';

/** Two branches, one of them in a frame, and a constant. */
const SMALL: LayoutRequest = {
  arrangement: 'beside',
  nodes: [
    { name: 'x', role: 'input' },
    { name: 'weight', role: 'param' },
    { name: 'left', role: 'layer' },
    { name: 'right', role: 'op', parent: 'frame' },
    { name: 'sum', role: 'op' },
    { name: 'output', role: 'output' },
  ],
  edges: [
    { from: 'x', to: 'left' },
    { from: 'weight', to: 'left' },
    { from: 'x', to: 'right' },
    { from: 'left', to: 'sum' },
    { from: 'right', to: 'sum' },
    { from: 'sum', to: 'output' },
  ],
  frames: [{ id: 'frame', parent: null }],
  columns: true,
};

/** Layout in a thread of its own: thousands of nodes take seconds, during which the page must answer. */
Comlink.expose(layoutScene);

// The file is still being read: what the browser compiles at the first call is compiled when the graph is there.
layoutScene(SMALL);
