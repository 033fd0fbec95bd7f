import { type Argument, ref } from '../../../graph/node';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { type ExtentArgument, extentArguments } from './extents';

/** Scales or sizes, of the axes from `first` on. */
interface NewSizes {
  readonly sizes: readonly ExtentArgument[] | null;
  readonly scales: readonly number[] | null;
}

interface Sampling {
  readonly mode: string;
  readonly coordinates: string;
  readonly rounding: string;
}

/** Upsample (opset 7 to 9) and Resize before opset 11, which knew no other coordinates. */
export const readUpsample = (reader: GraphReader, node: OnnxNode): void => {
  const stated = node.optionalInput(1);
  const scales = stated ? constants(reader, node, stated, 'scales') : node.floats('scales');
  const sampling = { mode: modeOf(node), coordinates: 'asymmetric', rounding: 'floor' };
  resize(reader, node, { sizes: null, scales: scales ?? node.fail('has no scales.') }, sampling);
};

/** From opset 11 on: inputs x, roi, scales, sizes; only some axes from opset 18 on. */
export function readResize(reader: GraphReader, node: OnnxNode): void {
  if (reader.opset < 11) {
    readUpsample(reader, node);
    return;
  }
  for (const [name, plain] of [
    ['antialias', 0],
    ['keep_aspect_ratio_policy', 'stretch'],
  ] as const) {
    const value = typeof plain === 'number' ? node.int(name, plain) : node.text(name, plain);
    if (value !== plain) node.fail(`has ${name} = ${value}; the studio reads ${plain}.`);
  }
  const sampling = {
    mode: modeOf(node),
    coordinates: node.text('coordinate_transformation_mode', 'half_pixel'),
    rounding: node.text('nearest_mode', 'round_prefer_floor'),
  };
  const [scales, sizes] = [node.optionalInput(2), node.optionalInput(3)];
  const hasScales = scales !== '' && reader.constants.describe(scales)?.shape[0] !== 0;
  const stated: NewSizes = hasScales
    ? { sizes: null, scales: constants(reader, node, scales, 'scales') }
    : {
        sizes: extentArguments(reader, node, sizes || node.fail('has neither scales nor sizes.'), 'sizes'),
        scales: null,
      };
  resize(reader, node, ofAllAxes(reader, node, stated), sampling);
}

const modeOf = (node: OnnxNode): string => {
  const mode = node.text('mode', 'nearest');
  return mode === 'bilinear' ? 'linear' : mode;
};

function constants(reader: GraphReader, node: OnnxNode, value: string, what: string): readonly number[] {
  if (!reader.constants.has(value))
    return node.fail(
      `takes its ${what} from '${value}', which is computed at run time; the studio reads constants.`,
    );
  return reader.constants.numbers(value);
}

/** Where the file names some axes only, the others stay. */
function ofAllAxes(reader: GraphReader, node: OnnxNode, stated: NewSizes): NewSizes {
  const axes = node.ints('axes');
  if (!axes) return stated;
  const shape = reader.shapeOf(node.input(0)) ?? node.fail(`needs the rank of '${node.input(0)}'.`);
  const at = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const first = Math.min(...at);
  const spread = <T>(list: readonly T[], kept: (axis: number) => T): readonly T[] =>
    shape.map((_, axis) => list[at.indexOf(axis)] ?? kept(axis)).slice(first);
  return {
    scales: stated.scales && spread(stated.scales, () => 1),
    sizes:
      stated.sizes &&
      spread<ExtentArgument>(stated.sizes, (axis) => {
        const dim = shape[axis];
        return typeof dim === 'number' ? dim : node.fail(`keeps axis ${axis}, whose size is open.`);
      }),
  };
}

const PYTORCH_LINEAR = ['linear', 'bilinear', 'trilinear'] as const;

/** `F.interpolate` where PyTorch does the same, otherwise ONNX's own op. */
function resize(reader: GraphReader, node: OnnxNode, stated: NewSizes, sampling: Sampling): void {
  const value = node.input(0);
  const shape = reader.shapeOf(value);
  const { scales, sizes } = changedOnly(stated, shape);
  const count = (scales ?? sizes ?? []).length;
  const rank = shape?.length ?? (stated.scales ?? stated.sizes ?? []).length;
  const x = ref(reader.operand(value, node.title));
  const word = count === rank - 2 ? pytorchMode(node, sampling, count, sizes) : null;
  const type = reader.elementType(value);
  if (word) {
    const args: readonly Argument[] = [
      x,
      sizes,
      scales,
      word.mode,
      ...(word.corners === null ? [] : [word.corners]),
    ];
    reader.result(node, 'torch.nn.functional.interpolate', args, type);
    return;
  }
  const kwargs: Record<string, Argument> = {
    size: sizes,
    scale: scales,
    mode: sampling.mode,
    coordinate_transformation_mode: sampling.coordinates,
    nearest_mode: sampling.rounding,
  };
  if (sampling.mode === 'cubic') {
    kwargs.cubic_coeff_a = node.float('cubic_coeff_a', -0.75);
    kwargs.exclude_outside = node.flag('exclude_outside');
  }
  reader.result(node, 'onnx.Resize', [x], type, { kwargs });
}

/** Without the axes in front that keep their size: as many as are left behind the second, or more. */
function changedOnly({ sizes, scales }: NewSizes, shape: ReturnType<GraphReader['shapeOf']>): NewSizes {
  const list: readonly ExtentArgument[] = scales ?? sizes ?? [];
  const keeps = (i: number) =>
    scales
      ? scales[i] === 1
      : i < 2 && (shape === null || list[i] === shape[i] || typeof list[i] !== 'number');
  const rank = shape?.length ?? list.length;
  const already = rank - list.length;
  let first = 0;
  while (first + already < Math.min(2, rank - 1) && keeps(first)) first++;
  return { sizes: sizes?.slice(first) ?? null, scales: scales?.slice(first) ?? null };
}

/** PyTorch's word for a way of resampling; null where it has none. */
function pytorchMode(
  node: OnnxNode,
  { mode, coordinates, rounding }: Sampling,
  dims: number,
  sizes: readonly ExtentArgument[] | null,
): { readonly mode: string; readonly corners: boolean | null } | null {
  if (mode === 'nearest') {
    if (coordinates === 'asymmetric' && rounding === 'floor') return { mode: 'nearest', corners: null };
    return coordinates === 'half_pixel' && rounding === 'round_prefer_ceil'
      ? { mode: 'nearest-exact', corners: null }
      : null;
  }
  // Where one element is left, ONNX takes the first and PyTorch the middle.
  const isPlain =
    coordinates === 'half_pixel' || (coordinates === 'pytorch_half_pixel' && !sizes?.includes(1));
  if (!isPlain && coordinates !== 'align_corners') return null;
  const corners = coordinates === 'align_corners';
  if (mode === 'linear') {
    const word = PYTORCH_LINEAR[dims - 1];
    return word ? { mode: word, corners } : null;
  }
  const isKeys = node.float('cubic_coeff_a', -0.75) === -0.75 && !node.flag('exclude_outside');
  return dims === 2 && isKeys && coordinates !== 'pytorch_half_pixel' ? { mode: 'bicubic', corners } : null;
}
