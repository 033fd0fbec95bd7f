import type fc from 'fast-check';
import type { CONTAINERS } from './containers';

export interface FuzzFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files that open together; the first is the one that is damaged. */
export type Seed = readonly [FuzzFile, ...FuzzFile[]];

/** A reader of the studio, and what it is tried with. */
export interface FuzzFormat {
  readonly name: string;
  /** Whole files, each of which opens. */
  readonly seeds: () => Promise<readonly Seed[]>;
  readonly container?: keyof typeof CONTAINERS;
  /** Files made up from the format's own words, which go deeper than damage does. */
  readonly made?: fc.Arbitrary<Seed>;
  /** As the studio opens it, with all that follows: the graph's check, shapes, the first view. */
  readonly open: (files: readonly FuzzFile[]) => Promise<unknown>;
}
