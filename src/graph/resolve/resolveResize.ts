import type { GraphIndex } from '../graph';
import type { Attribute, Model } from '../model';
import type { Argument } from '../node';
import type { OpCall, Resampling } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { type ModuleCall, refuse } from './moduleAttributes';
import { extentArguments, sizeOperands } from './resolveSize';

type Sampling = Pick<Resampling, 'mode' | 'coordinates' | 'rounding'>;

/** PyTorch's modes by the axes they are for (aten/src/ATen/native/UpSample.h), in the terms of ONNX's Resize. */
const MODES: ReadonlyMap<unknown, { readonly dims: number | null; readonly sampling: Sampling }> = new Map([
  ['nearest', { dims: null, sampling: { mode: 'nearest', coordinates: 'asymmetric', rounding: 'floor' } }],
  [
    'nearest-exact',
    { dims: null, sampling: { mode: 'nearest', coordinates: 'half_pixel', rounding: 'round_prefer_ceil' } },
  ],
  ['linear', { dims: 1, sampling: { mode: 'linear', coordinates: 'half_pixel', rounding: 'floor' } }],
  ['bilinear', { dims: 2, sampling: { mode: 'linear', coordinates: 'half_pixel', rounding: 'floor' } }],
  ['trilinear', { dims: 3, sampling: { mode: 'linear', coordinates: 'half_pixel', rounding: 'floor' } }],
  ['bicubic', { dims: 2, sampling: { mode: 'cubic', coordinates: 'half_pixel', rounding: 'floor' } }],
]);

const CUBIC = { cubicCoefficient: -0.75, excludeOutside: false } as const;

function sampling(mode: unknown, alignCorners: boolean, fail: (problem: string) => never): Sampling {
  const found = MODES.get(mode);
  if (!found)
    return fail(`with mode=${JSON.stringify(mode)} is not supported; ${[...MODES.keys()].join(', ')} are`);
  if (!alignCorners) return found.sampling;
  if (found.sampling.mode === 'nearest') return fail(`with mode='${mode}' takes no align_corners`);
  return { ...found.sampling, coordinates: 'align_corners' };
}

/** `F.interpolate(x, scale_factor=2, mode='bilinear')`; a single number is for all axes behind the second. */
export function interpolate(node: Call, _: Model, index: GraphIndex): OpCall {
  const args = new CallArguments(node, [
    'input',
    'size',
    'scale_factor',
    'mode',
    'align_corners',
    'recompute_scale_factor',
    'antialias',
  ]);
  args.only('antialias', false);
  const fail = (problem: string) => args.fail(problem);
  const size = extentArguments(args, 'size', index);
  const scale = numbers(args.value('scale_factor') ?? null, fail);
  if ((size === null) === (scale === null)) return args.fail("needs either 'size' or 'scale_factor'");
  return {
    op: 'interpolate',
    operands: [args.operand('input'), ...sizeOperands(size ?? [])],
    attrs: {
      ...sampling(args.value('mode') ?? 'nearest', args.flag('align_corners', false), fail),
      ...CUBIC,
      size,
      scale,
      recompute: args.flag('recompute_scale_factor', false),
    },
  };
}

/** `nn.Upsample` and its two older forms. */
export const upsample =
  (fixed: { readonly mode: string; readonly alignCorners: boolean } | null) =>
  (call: ModuleCall): OpCall => {
    const fail = (problem: string) => refuse(call, problem);
    const { attrs } = call.spec;
    const size = numbers(attrs.size ?? null, fail);
    const scale = numbers(attrs.scale_factor ?? null, fail);
    if ((size === null) === (scale === null)) return fail("it needs either 'size' or 'scale_factor'");
    const mode = fixed?.mode ?? attrs.mode ?? 'nearest';
    const corners = fixed?.alignCorners ?? attrs.align_corners === true;
    const recompute = attrs.recompute_scale_factor === true;
    return {
      op: 'interpolate',
      operands: call.operands,
      attrs: { ...sampling(mode, corners, fail), ...CUBIC, size, scale, recompute },
    };
  };

function numbers(value: Argument | Attribute, fail: (problem: string) => never): readonly number[] | null {
  if (value === null) return null;
  const list: readonly (Argument | Attribute)[] = isListed(value) ? value : [value];
  return list.map((item) =>
    typeof item === 'number'
      ? item
      : fail(`needs numbers for its size or scale, got ${JSON.stringify(value)}`),
  );
}

const isListed = (value: Argument | Attribute): value is readonly (Argument | Attribute)[] =>
  Array.isArray(value);

const COORDINATES = [
  'half_pixel',
  'pytorch_half_pixel',
  'tf_half_pixel_for_nn',
  'align_corners',
  'asymmetric',
] as const;
const ROUNDINGS = ['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'] as const;
const RESIZE_MODES = ['nearest', 'linear', 'cubic'] as const;

/**
 * `onnx.Resize(x, size=…, scale=…, mode=…, coordinate_transformation_mode=…, nearest_mode=…, cubic_coeff_a=…,
 * exclude_outside=…)`: what ONNX's op can do and no function of PyTorch does. Size or scale are of the last axes.
 */
export function onnxResize(node: Call, _: Model, index: GraphIndex): OpCall {
  const args = new CallArguments(node, [
    'input',
    'size',
    'scale',
    'mode',
    'coordinate_transformation_mode',
    'nearest_mode',
    'cubic_coeff_a',
    'exclude_outside',
  ]);
  const one = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = args.value(name) ?? fallback;
    return (
      allowed.find((word) => word === value) ??
      args.fail(`with ${name}=${JSON.stringify(value)} is not supported; ${allowed.join(', ')} are`)
    );
  };
  const size = extentArguments(args, 'size', index);
  const scale = numbers(args.value('scale') ?? null, (problem) => args.fail(problem));
  if ((size === null) === (scale === null)) return args.fail("needs either 'size' or 'scale'");
  return {
    op: 'interpolate',
    operands: [args.operand('input'), ...sizeOperands(size ?? [])],
    attrs: {
      size,
      scale,
      recompute: false,
      mode: one('mode', RESIZE_MODES, 'nearest'),
      coordinates: one('coordinate_transformation_mode', COORDINATES, 'half_pixel'),
      rounding: one('nearest_mode', ROUNDINGS, 'round_prefer_floor'),
      cubicCoefficient: args.number('cubic_coeff_a', -0.75),
      excludeOutside: args.flag('exclude_outside', false),
    },
  };
}
