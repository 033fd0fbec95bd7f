import { type Dim, type Shape, UNKNOWN_DIM } from '../../graph/shape';

/** What the values of one input are drawn from. `uniform` is [low, high), `integers` are low … high, both included. */
export type Distribution =
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number };

/** What generated samples look like. The same settings give the same numbers. */
export interface GeneratedSettings {
  readonly samples: number;
  readonly seed: number;
  /** By input. */
  readonly inputs: Readonly<Record<string, Distribution>>;
  /** Sizes of open dimensions, by `openSizeKey`; one that has a name has one size wherever it stands. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Shape of one sample, of inputs whose shape is not known at all. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** An input that values are made for. */
export interface GeneratedInput {
  readonly name: string;
  readonly shape: Shape;
  /** Number of rows that the input is an index of (an Embedding's); null for values. */
  readonly indices: number | null;
}

/** The name that an open dimension's size is asked for under: its own, or its place. Axis 0 counts samples. */
export const openSizeKey = (input: string, dim: string, axis: number): string =>
  dim === UNKNOWN_DIM ? `${input}, axis ${axis}` : dim;

interface OpenSize {
  readonly key: string;
  readonly rank: number;
}

/** The open dimensions of all inputs, each key once. */
export function openSizes(inputs: readonly GeneratedInput[]): readonly OpenSize[] {
  const found = new Map<string, OpenSize>();
  for (const { name, shape } of inputs)
    for (const [axis, dim] of (shape ?? []).entries()) {
      if (axis === 0 || typeof dim === 'number') continue;
      const key = openSizeKey(name, dim, axis);
      if (!found.has(key)) found.set(key, { key, rank: shape?.length ?? 0 });
    }
  return [...found.values()];
}

/** A side of an image, else the length of a short sequence. */
const commonSize = ({ rank }: OpenSize): number => (rank === 4 ? 224 : 16);

const commonDistribution = ({ indices }: GeneratedInput): Distribution =>
  indices === null ? { kind: 'normal', mean: 0, std: 1 } : { kind: 'integers', low: 0, high: indices - 1 };

const SAMPLES = 32;

/** A first look: standard normal values, indices over all rows, small sizes; whole batches where the model fixes them. */
export function defaultGenerated(inputs: readonly GeneratedInput[]): GeneratedSettings {
  const batch = Math.max(1, ...inputs.map(({ shape }) => (typeof shape?.[0] === 'number' ? shape[0] : 1)));
  return {
    samples: Math.ceil(SAMPLES / batch) * batch,
    seed: 0,
    inputs: Object.fromEntries(inputs.map((input) => [input.name, commonDistribution(input)])),
    sizes: Object.fromEntries(openSizes(inputs).map((open) => [open.key, commonSize(open)])),
    shapes: Object.fromEntries(inputs.filter(({ shape }) => shape === null).map(({ name }) => [name, [16]])),
  };
}

/** Shape of one sample; null where a size is missing. */
export function sampleShape(
  { name, shape }: GeneratedInput,
  { sizes, shapes }: GeneratedSettings,
): readonly number[] | null {
  const dims: readonly (Dim | undefined)[] = shape
    ? shape.slice(1).map((dim, i) => (typeof dim === 'number' ? dim : sizes[openSizeKey(name, dim, i + 1)]))
    : (shapes[name] ?? [undefined]);
  return dims.every((dim) => typeof dim === 'number') ? dims : null;
}
