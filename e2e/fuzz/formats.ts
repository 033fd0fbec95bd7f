import { DATA_FORMATS } from './dataFormats';
import type { FuzzFormat } from './fuzzFormat';
import { MODEL_FORMATS } from './modelFormats';
import { PROJECT_FORMATS } from './projectFormats';

/** Every reader of the studio, on files that the real tools wrote where there are such. */
export const FORMATS: readonly FuzzFormat[] = [...MODEL_FORMATS, ...DATA_FORMATS, ...PROJECT_FORMATS];
