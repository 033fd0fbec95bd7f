import { type Argument, ref } from '../../graph/node';
import { type Dim, productOf, UNKNOWN_DIM } from '../../graph/shape';
import { channelsLastOnly, inputOf, type LayerRule, shaped, spatialOf } from './layerCall';

/** Nothing to reorder where at most one axis of several places is left. */
const isOrderless = (sizes: readonly Dim[]): boolean => sizes.every((size) => size === 1);

const flatten: LayerRule = (call) => {
  channelsLastOnly(call);
  const { builder, module } = call;
  const input = inputOf(call);
  const value = isOrderless(spatialOf(input)) ? input : builder.channelsLast(input);
  const shape = [input.shape[0] ?? 'n', productOf(input.shape.slice(1))];
  return { node: builder.call('torch.flatten', [ref(value.node), 1], module), shape, channelsFirst: false };
};

const reshape: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const wanted = config.list('target_shape', -1);
  const total = productOf(value.shape.slice(1));
  const others = wanted.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const sizes = wanted.map(
    (size): Dim => (size !== -1 ? size : typeof total === 'number' ? total / others : UNKNOWN_DIM),
  );
  const known = sizes.filter((size) => typeof size === 'number');
  if (known.length < sizes.length)
    return config.fail(
      `has target_shape [${wanted.join(', ')}] behind an open size; the studio needs one of the two`,
    );
  const node = builder.call('torch.reshape', [ref(value.node), [-1, ...known]], module);
  return shaped(value, node, [value.shape[0] ?? 'n', ...known]);
};

const permute: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const order = [0, ...config.list('dims')];
  const node = builder.call('torch.permute', [ref(value.node), order], module);
  return shaped(
    value,
    node,
    order.map((axis) => value.shape[axis] ?? UNKNOWN_DIM),
  );
};

/** Each time is an operand of one node. */
const MAX_TIMES = 2 ** 16;

/** `[n, c]` → `[n, times, c]`. */
const repeatVector: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const times = config.number('n');
  if (!Number.isInteger(times) || times < 1 || times > MAX_TIMES)
    return config.fail(`repeats ${times} times; a whole number from 1 to ${MAX_TIMES} is read`);
  const row = builder.call('torch.unsqueeze', [ref(value.node), 1], `${module}_row`);
  const node = builder.call('torch.cat', [new Array<Argument>(times).fill(ref(row)), 1], module);
  const [batch = 'n', ...rest] = value.shape;
  return shaped(value, node, [batch, times, ...rest]);
};

const ALL = { slice: [null, null, null] } as const;

const cropping =
  (dims: 1 | 2 | 3): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const { builder, config, module } = call;
    const value = inputOf(call);
    const cuts = config.pairs('cropping', dims, 1);
    const parts = cuts.map(
      ([before, behind]) => ({ slice: [before, behind === 0 ? null : -behind, null] }) as const,
    );
    const index = value.channelsFirst ? [ALL, ALL, ...parts] : [ALL, ...parts];
    const node = builder.call('operator.getitem', [ref(value.node), index], module);
    const sizes = spatialOf(value).map((size, i): Dim => {
      const [before, behind] = cuts[i] ?? [0, 0];
      return typeof size === 'number' ? size - before - behind : UNKNOWN_DIM;
    });
    return shaped(value, node, [value.shape[0] ?? 'n', ...sizes, value.shape.at(-1) ?? UNKNOWN_DIM]);
  };

const zeroPadding =
  (dims: 1 | 2 | 3): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const { builder, config, module } = call;
    const value = inputOf(call);
    const zeros = config.pairs('padding', dims, 1);
    // torch.nn.functional.pad counts from the last axis on.
    const amounts = [...zeros].reverse().flat();
    const pad = value.channelsFirst ? amounts : [0, 0, ...amounts];
    const node = builder.call('torch.nn.functional.pad', [ref(value.node), pad], module);
    const sizes = spatialOf(value).map((size, i): Dim => {
      const [before, behind] = zeros[i] ?? [0, 0];
      return typeof size === 'number' ? size + before + behind : UNKNOWN_DIM;
    });
    return shaped(value, node, [value.shape[0] ?? 'n', ...sizes, value.shape.at(-1) ?? UNKNOWN_DIM]);
  };

const upSampling: LayerRule = (call) => {
  channelsLastOnly(call);
  const { builder, config, module } = call;
  const value = builder.channelsFirst(inputOf(call));
  // tfjs's bilinear has other sample points than Keras's.
  config.only('interpolation', 'nearest');
  const factors = config.numbers('size', 2, 2);
  const node = builder.call('torch.nn.functional.interpolate', [ref(value.node)], module, {
    scale_factor: factors,
    mode: 'nearest',
  });
  const sizes = spatialOf(value).map(
    (size, i): Dim => (typeof size === 'number' ? size * (factors[i] ?? 1) : UNKNOWN_DIM),
  );
  return shaped(value, node, [value.shape[0] ?? 'n', ...sizes, value.shape.at(-1) ?? UNKNOWN_DIM]);
};

/** Layers that only training needs. */
const identity: LayerRule = inputOf;

const dropout: LayerRule = (call) => {
  const value = inputOf(call);
  const attrs = { p: call.config.number('rate') };
  return { ...value, node: call.builder.module(call.module, 'torch.nn.Dropout', attrs, {}, value.node) };
};

export const SHAPE_LAYERS: Readonly<Record<string, LayerRule>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeatVector,
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Cropping3D: cropping(3),
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  ZeroPadding3D: zeroPadding(3),
  UpSampling2D: upSampling,
  Dropout: dropout,
  SpatialDropout1D: identity,
  SpatialDropout2D: identity,
  SpatialDropout3D: identity,
  GaussianDropout: identity,
  AlphaDropout: identity,
  GaussianNoise: identity,
  ActivityRegularization: identity,
};
