import { ref } from '../../graph/node';
import { broadcastShapes, type Dim, UNKNOWN_DIM } from '../../graph/shape';
import type { Value } from './graphBuilder';
import { type LayerCall, type LayerRule, mapped, nodeAxis } from './layerCall';

/** The inputs in one layout: channels first as soon as one of them is, so that convolutions stay together. */
function aligned({ builder, inputs, config }: LayerCall): readonly [Value, ...Value[]] {
  const [first, ...rest] = inputs;
  if (!first || rest.length === 0) return config.fail(`joins two values or more, got ${inputs.length}`);
  const other = rest.find(({ shape }) => shape.length !== first.shape.length);
  if (other)
    return config.fail(
      `joins values of ${first.shape.length} and of ${other.shape.length} dimensions; the studio reads those of one rank`,
    );
  const turn = (value: Value): Value =>
    inputs.some(({ channelsFirst }) => channelsFirst) ? builder.channelsFirst(value) : value;
  return [turn(first), ...rest.map(turn)];
}

/** `target` between all inputs, from the left. */
const folded =
  (target: string): LayerRule =>
  (call) => {
    const [first, ...rest] = aligned(call);
    return rest.reduce<Value>((sum, value) => {
      const shape = broadcastShapes(sum.shape, value.shape);
      if (!shape)
        return call.config.fail(
          `joins [${sum.shape.join(', ')}] and [${value.shape.join(', ')}], which do not fit`,
        );
      return { ...mapped(call, sum, target, [ref(value.node)]), shape };
    }, first);
  };

const average: LayerRule = (call) => {
  const sum = folded('torch.add')(call);
  return mapped(call, sum, 'torch.div', [call.inputs.length]);
};

const concatenate: LayerRule = (call) => {
  const values = aligned(call);
  const [first] = values;
  const rank = first.shape.length;
  const stated = call.config.number('axis', -1);
  const axis = stated < 0 ? stated + rank : stated;
  const total = values.reduce<Dim>((sum, { shape }) => {
    const size = shape[axis];
    return typeof sum === 'number' && typeof size === 'number' ? sum + size : UNKNOWN_DIM;
  }, 0);
  const shape = first.shape.map((size, i) => (i === axis ? total : size));
  const node = call.builder.call(
    'torch.cat',
    [values.map(({ node: part }) => ref(part)), nodeAxis(first, axis)],
    call.module,
  );
  return { node, shape, channelsFirst: first.channelsFirst };
};

export const MERGE_LAYERS: Readonly<Record<string, LayerRule>> = {
  Add: folded('torch.add'),
  Subtract: folded('torch.sub'),
  Multiply: folded('torch.mul'),
  Maximum: folded('torch.maximum'),
  Minimum: folded('torch.minimum'),
  Average: average,
  Concatenate: concatenate,
};
