import { expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { GraphError } from '../../graph/errors';
import { conv } from '../testLayers';
import { regionsOf } from './testRegions';

/* Shapes so long that nothing of their length can be made: what is asked of them is by number alone. */

const HUGE = 2 ** 40;

const errorOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it('an axis whose channels must be told apart is refused, with its value', () => {
  // Each of the two channels is a block of half of the input's axis.
  const build = (g: TestModel) => conv(g, 'a', g.method('v', 'view', 'x', 1, 2, HUGE, 1), 2);
  const error = errorOf(() => regionsOf(build, [], [1, 2 * HUGE]));
  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({
    node: 'x_activation_post_process_0',
    message: expect.stringContaining('(2,199,023,255,552): too many'),
  });
});

it('axes that carry no channels may be as long as they like', () => {
  const build = (g: TestModel) => conv(g, 'b', g.call('f', 'torch.relu', conv(g, 'a', 'x', 1)), 1);
  expect(regionsOf(build, [], [1, 2, HUGE])).toEqual(['mul x → a: input x', 'fold a → b [a*, f*]']);
});
