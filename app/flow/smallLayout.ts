import type { LayoutRequest } from './layout';

/** Two branches, one of them in a frame, and a constant. */
export const SMALL: LayoutRequest = {
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
