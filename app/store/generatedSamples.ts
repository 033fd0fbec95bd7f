import type { DatasetView } from '../../src/index';

/** Stands with every headline whose figures were found on made-up data: in the page and in the report. */
export const ON_GENERATED = 'on generated samples';

export const isGenerated = (data: DatasetView | null): boolean => data?.origin === 'generated';
