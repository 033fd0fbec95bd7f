import { type AtenRule, type AtenTable, asFunction } from './atenRule';

const F = 'torch.nn.functional';

const pool =
  (name: string): AtenRule =>
  (call) => {
    call.only('divisor_override', null);
    return asFunction(`${F}.${name}`, ['self', 'kernel_size', 'stride', 'padding'], {
      dilation: 'dilation',
      ceil_mode: 'ceil_mode',
      count_include_pad: 'count_include_pad',
    })(call);
  };
const pools: AtenTable = Object.fromEntries(
  [1, 2, 3].flatMap((dims): [string, AtenRule][] => [
    [`max_pool${dims}d.default`, pool(`max_pool${dims}d`)],
    [`max_pool${dims}d_with_indices.default`, pool(`max_pool${dims}d`)],
    [`avg_pool${dims}d.default`, pool(`avg_pool${dims}d`)],
    [
      `adaptive_avg_pool${dims}d.default`,
      asFunction(`${F}.adaptive_avg_pool${dims}d`, ['self', 'output_size']),
    ],
    [
      `_adaptive_avg_pool${dims}d.default`,
      asFunction(`${F}.adaptive_avg_pool${dims}d`, ['self', 'output_size']),
    ],
  ]),
);

const pad: AtenRule = (call) => {
  const mode = call.value('mode') ?? 'constant';
  if (typeof mode !== 'string') return call.fail(`has the mode ${JSON.stringify(mode)}`);
  return call.call(`${F}.pad`, [call.operand('self'), call.numbers('pad')], {
    mode,
    value: call.number('value', 0),
  });
};

/**
 * `upsample_*(self or input, output_size, align_corners, scales…)`: by factors where `scale_factors` gives them, else to
 * a size. `scales_h` and their like are ignored: with `output_size` they change coordinates by rounding alone.
 */
const resized =
  (mode: string): AtenRule =>
  (call) => {
    const first = call.tensorName('input') === null ? 'self' : 'input';
    const scales = call.numbers('scale_factors', []);
    call.ignore('scales', 'scales_d', 'scales_h', 'scales_w', 'output_size', 'scale_factors');
    const aligned = call.value('align_corners');
    return call.call(`${F}.interpolate`, [call.operand(first)], {
      ...(scales.length === 0 ? { size: call.numbers('output_size') } : { scale_factor: scales }),
      mode,
      ...(typeof aligned === 'boolean' ? { align_corners: aligned } : {}),
    });
  };
const resizes = (name: string, mode: string): AtenTable => ({
  [`${name}.default`]: resized(mode),
  [`${name}.vec`]: resized(mode),
});

/** Pools, padding, and other sizes of images. */
export const ATEN_WINDOWS: AtenTable = {
  ...pools,
  'constant_pad_nd.default': pad,
  'pad.default': pad,
  ...resizes('upsample_nearest1d', 'nearest'),
  ...resizes('upsample_nearest2d', 'nearest'),
  ...resizes('upsample_nearest3d', 'nearest'),
  ...resizes('upsample_linear1d', 'linear'),
  ...resizes('upsample_bilinear2d', 'bilinear'),
  ...resizes('upsample_trilinear3d', 'trilinear'),
  ...resizes('upsample_bicubic2d', 'bicubic'),
  'pixel_shuffle.default': asFunction(`${F}.pixel_shuffle`, ['self', 'upscale_factor']),
  'pixel_unshuffle.default': asFunction(`${F}.pixel_unshuffle`, ['self', 'downscale_factor']),
};
