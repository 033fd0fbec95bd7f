import { FormatError } from '../../formats/errors';
import { GraphError, UnsupportedOpError } from '../../graph/errors';

const isTold = (error: unknown): boolean =>
  (error instanceof FormatError || error instanceof GraphError || error instanceof UnsupportedOpError) &&
  !error.message.includes('internal:');

/**
 * What `use` makes of values that come from a record. A record does not say what its values are for, so that a damaged
 * one, or one of somebody else's, shows when they are used: whatever goes wrong then is a FormatError that names `file`.
 */
export function provenRecord<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (isTold(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(
      file,
      `the saved results are damaged, or not the studio's (${reason}). Open the model anew and run the steps again.`,
    );
  }
}
