import type { DatasetView } from '../../src/index';

/** Stands with every headline whose figures were found on made-up data: in the page and in the report. */
export const ON_GENERATED = 'on generated samples';

/** What it means for the reader. */
export const ABOUT_GENERATED =
  'The studio made these samples up: ranges and figures say little of real data.';

export const isGenerated = (data: DatasetView | null): boolean => data?.origin === 'generated';
