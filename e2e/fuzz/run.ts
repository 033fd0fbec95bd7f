import { FORMATS } from './formats';
import { type FuzzOptions, fuzz } from './fuzz';

export { HOSTILE } from './hostileTable';

/** Names of all formats, in the order of the table. */
export const formatNames = (): readonly string[] => FORMATS.map(({ name }) => name);

export function fuzzFormat(name: string, options: FuzzOptions) {
  const format = FORMATS.find((known) => known.name === name);
  if (!format) throw new Error(`there is no format '${name}': ${formatNames().join(', ')}`);
  return fuzz(format, options);
}
