import { expect, it } from 'vitest';
import { warmUpOpening } from './warmUp';

it('opens and draws a model of the commonest ops, sizes that are computed among them', async () => {
  const { model, steps, layers } = await warmUpOpening();
  expect(model?.inputs).toEqual([{ name: 'x', shape: '[batch, 3, 8, 8]' }]);
  expect(layers.map(({ name }) => name)).toEqual(['conv', 'product']);
  const nodes = new Map(steps.load?.graph.nodes.map((node) => [node.name, node]));
  expect(nodes.get('reshaped')?.shape).toBe('[batch, 8, 16]');
  expect(nodes.get('y')?.shape).toBe('[batch, 16, 5]');
});
