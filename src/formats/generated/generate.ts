import { sizeOf, type Tensor } from '../../graph/tensor';
import type { Dataset } from '../dataset';
import { FormatError } from '../errors';
import {
  type Distribution,
  type GeneratedInput,
  type GeneratedSettings,
  openSizes,
  sampleShape,
} from './generatedSettings';
import { normalNumbers, uniformNumbers } from './random';

export const GENERATED_SOURCE = 'generated data';
/** 512 MiB as float32. */
export const MAX_GENERATED_VALUES = 2 ** 27;
const MAX_INT = 2 ** 31 - 1;

const refuse = (problem: string): never => {
  throw new FormatError(GENERATED_SOURCE, problem);
};

function checkSize(what: string, value: number | undefined): void {
  if (value === undefined || !Number.isInteger(value) || value < 1)
    refuse(`${what} must be a whole number of 1 or more, got ${value}.`);
}

function checkDistribution(input: GeneratedInput, distribution: Distribution): void {
  const { name, indices } = input;
  const [a, b] =
    distribution.kind === 'normal'
      ? [distribution.mean, distribution.std]
      : [distribution.low, distribution.high];
  if (!Number.isFinite(a) || !Number.isFinite(b))
    refuse(`input '${name}': the range needs two finite numbers, got ${a} and ${b}.`);
  if (distribution.kind === 'normal') {
    if (b < 0) refuse(`input '${name}': std must not be negative, got ${b}.`);
  } else if (a > b) refuse(`input '${name}': the range ends at ${b}, below its start ${a}.`);
  if (
    distribution.kind === 'integers' &&
    ![a, b].every((end) => Number.isInteger(end) && Math.abs(end) <= MAX_INT)
  )
    refuse(`input '${name}': integers need whole bounds within ±${MAX_INT}, got ${a} and ${b}.`);
  if (indices !== null && (distribution.kind !== 'integers' || a < 0 || b >= indices))
    refuse(
      `input '${name}' holds indices of an embedding of ${indices} rows: take integers within 0 … ${indices - 1}.`,
    );
}

/** `count` values; whole numbers come as int32. */
function draw(distribution: Distribution, count: number, seed: number): Pick<Tensor, 'dtype' | 'data'> {
  const uniform = uniformNumbers(seed);
  if (distribution.kind === 'integers') {
    const { low, high } = distribution;
    const data = new Int32Array(count);
    for (let i = 0; i < count; i++) data[i] = low + Math.floor(uniform() * (high - low + 1));
    return { dtype: 'int32', data };
  }
  const normal = normalNumbers(uniform);
  const next =
    distribution.kind === 'normal'
      ? () => distribution.mean + distribution.std * normal()
      : () => distribution.low + (distribution.high - distribution.low) * uniform();
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = next();
  return { dtype: 'float32', data };
}

/** Every input has a stream of its own, so that one more sample or another input's range leaves the rest as it is. */
const streamSeed = (seed: number, input: number): number =>
  Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(input, 0x85ebca6b);

/**
 * Samples made up for a first look where no data is at hand: reproducible by their seed, and marked as what they are.
 * Throws a FormatError that names the setting that does not fit.
 */
export function generateData(inputs: readonly GeneratedInput[], settings: GeneratedSettings): Dataset {
  const { samples, seed } = settings;
  checkSize('the number of samples', samples);
  if (!Number.isInteger(seed)) refuse(`the seed must be a whole number, got ${seed}.`);
  for (const { key } of openSizes(inputs)) checkSize(`the size of '${key}'`, settings.sizes[key]);
  let total = 0;
  const arrays = inputs.map((input, index): [string, Tensor] => {
    const sample =
      sampleShape(input, settings) ?? refuse(`input '${input.name}' needs the shape of one sample.`);
    for (const dim of sample) checkSize(`a dimension of input '${input.name}'`, dim);
    const distribution = settings.inputs[input.name] ?? refuse(`input '${input.name}' has no range.`);
    checkDistribution(input, distribution);
    const count = samples * sizeOf(sample);
    total += count;
    if (total > MAX_GENERATED_VALUES)
      refuse(
        `${samples} samples have more than the ${MAX_GENERATED_VALUES.toLocaleString('en-US')} values (512 MiB) that are made; take fewer samples or smaller sizes.`,
      );
    return [
      input.name,
      { shape: [samples, ...sample], ...draw(distribution, count, streamSeed(seed, index)) },
    ];
  });
  return {
    arrays: Object.fromEntries(arrays),
    labels: null,
    samples,
    source: GENERATED_SOURCE,
    origin: { kind: 'generated', settings },
  };
}
