import { expect, it } from 'vitest';
import type { NodeView } from '../../../src/index';
import type { Spot } from '../elements';
import { fillOf } from './paint';

const spot = (name: string, change: NodeView['change'] = 'same'): Spot => ({
  id: name,
  rect: { x: 0, y: 0, width: 10, height: 10 },
  content: { kind: 'node', view: { name, role: 'layer', change } as never },
});
const NOT_PAINTED = new Map<string, number>();

it('boxes wear their change, or their role', () => {
  expect(fillOf(spot('fc'), NOT_PAINTED)).toEqual(['--accent', 1]);
  expect(fillOf(spot('fc', 'added'), NOT_PAINTED)).toEqual(['--add', 1]);
});

it('painted by gain, a box has the colour of its layer’s gain whatever changed, and all else fades', () => {
  const gains = new Map([
    ['even', 0.1],
    ['up', 3],
    ['top', 8],
    ['down', -0.7],
  ]);
  expect(['even', 'up', 'top', 'down', 'x'].map((name) => fillOf(spot(name, 'changed'), gains))).toEqual([
    ['--even', 0.5],
    ['--gain', 0.75],
    ['--gain', 1],
    ['--loss', 0.5],
    ['--line', 1],
  ]);
});
