/** A file that is not what it should be. The message names the file, the value, the limit and the way out. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    readonly file: string,
    message: string,
    /** The graph's node at fault, where there is one. */
    readonly node: string | null = null,
  ) {
    super(`${file}: ${message}`);
  }
}
