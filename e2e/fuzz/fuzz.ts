import fc from 'fast-check';
import { CONTAINERS } from './containers';
import type { FuzzFile, FuzzFormat, Seed } from './fuzzFormat';
import { attempt } from './measure';
import { type Mutation, mutated, mutations } from './mutations';

export interface FuzzCounts {
  readonly tried: number;
  readonly refused: number;
  readonly opened: number;
  /** The longest one took, in milliseconds of CPU time. */
  readonly slowest: number;
  /** The most that one took, in bytes. */
  readonly largest: number;
}

/** Where the first fault is: the smallest files that show it, and how it comes again. */
export interface Fault {
  readonly files: readonly FuzzFile[];
  readonly error: unknown;
  readonly seed: number;
  readonly path: string;
}

export interface FuzzOptions {
  readonly runs: number;
  readonly seed?: number;
  /** Begins at this place of fast-check's, to see a fault again. */
  readonly path?: string;
  /** Ends earlier, without a fault. */
  readonly milliseconds?: number;
  /** Called with the files before they are opened. */
  readonly onAttempt?: (files: readonly FuzzFile[]) => void;
  readonly onCounts?: (counts: FuzzCounts) => void;
}

interface Damage {
  readonly seed: number;
  /** Damage a part inside of the container (modulo their number), or, null, the file as it lies on the disk. */
  readonly part: number | null;
  readonly changes: readonly Mutation[];
}

const damage: fc.Arbitrary<Damage> = fc.record({
  seed: fc.nat(1000),
  part: fc.option(fc.nat(1000), { freq: 3 }),
  changes: mutations,
});

/** The files of a seed with the damage done. */
function damaged({ container }: FuzzFormat, seed: Seed, { part, changes }: Damage): Seed {
  const [{ name, bytes }, ...others] = seed;
  if (container === undefined || part === null) return [{ name, bytes: mutated(bytes, changes) }, ...others];
  const { parts, withPart } = CONTAINERS[container];
  const all = parts(bytes);
  if (all.length === 0) return seed;
  const index = part % all.length;
  const changed = withPart(bytes, index, mutated(all[index] ?? new Uint8Array(), changes));
  return [{ name, bytes: changed }, ...others];
}

const sizeOf = (files: readonly FuzzFile[]) => files.reduce((sum, { bytes }) => sum + bytes.length, 0);

const faultOf = (details: fc.RunDetails<[Seed]>): Fault | null => {
  const { failed, counterexample, errorInstance, seed, counterexamplePath } = details;
  if (!failed) return null;
  return { files: counterexample?.[0] ?? [], error: errorInstance, seed, path: counterexamplePath ?? '' };
};

/** Damaged files of a format, one in four of them made up where the format says how. */
function inputsOf(format: FuzzFormat, seeds: readonly Seed[]): fc.Arbitrary<Seed> {
  const fromSeeds = damage.map((what) => {
    const chosen = seeds[what.seed % seeds.length];
    if (!chosen) throw new Error(`${format.name} has no seeds`);
    return damaged(format, chosen, what);
  });
  if (!format.made) return fromSeeds;
  return fc.oneof({ weight: 3, arbitrary: fromSeeds }, { weight: 1, arbitrary: format.made });
}

/** Opens `runs` damaged files of a format and counts what became of them, up to the first fault. */
export async function fuzz(
  format: FuzzFormat,
  { runs, seed, path, milliseconds, onAttempt, onCounts }: FuzzOptions,
): Promise<{ readonly counts: FuzzCounts; readonly fault: Fault | null }> {
  const seeds = await format.seeds();
  const counts = { tried: 0, refused: 0, opened: 0, slowest: 0, largest: 0 };
  for (const whole of seeds) await format.open(whole);
  const property = fc.asyncProperty(inputsOf(format, seeds), async (files) => {
    onAttempt?.(files);
    const { refusal, ms, bytes } = await attempt(() => format.open(files), sizeOf(files));
    counts.tried++;
    counts[refusal === null ? 'opened' : 'refused']++;
    counts.slowest = Math.max(counts.slowest, ms);
    counts.largest = Math.max(counts.largest, bytes);
    onCounts?.(counts);
  });
  const details = await fc.check(property, {
    numRuns: runs,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
    ...(milliseconds !== undefined && {
      interruptAfterTimeLimit: milliseconds,
      markInterruptAsFailure: false,
    }),
  });
  return { counts, fault: faultOf(details) };
}
