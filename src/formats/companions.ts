import type { ByteSource } from './byteSource';
import { FormatError } from './errors';
import { formatBytes } from './readRange';

/** A file that a model file names and that did not come along. */
export interface MissingFile {
  /** As the model file writes it. */
  readonly path: string;
  /** How long it must be at least; null where the model file does not tell. */
  readonly bytes: number | null;
}

const partsOf = (path: string): readonly string[] =>
  path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');

/** `weights/net.data` → `net.data`: a file that was dropped has lost its folder. */
export const baseName = (path: string): string => partsOf(path).at(-1) ?? path;

const missingText = ({ path, bytes }: MissingFile): string =>
  `'${path}'${bytes === null ? '' : ` (at least ${formatBytes(bytes)})`}`;

/** A model that is in several files, some of which are not there. */
export class MissingFilesError extends FormatError {
  constructor(
    file: string,
    readonly missing: readonly MissingFile[],
  ) {
    super(
      file,
      `the model is in several files, and ${missing.map(missingText).join(', ')} did not come along. ` +
        `Drop ${missing.length === 1 ? 'it' : 'them'} too, and the model opens.`,
    );
  }
}

/** The files that came along with a model file: an ONNX model's external data, the shards of a weights manifest. */
export class Companions {
  private readonly found = new Set<ByteSource>();

  constructor(private readonly sources: readonly ByteSource[] = []) {}

  /**
   * The file that a model file names by its relative path: one whose own path ends so, else the one of the same last
   * part. Throws a FormatError when several have that last part; undefined when none has.
   */
  find(path: string): ByteSource | undefined {
    const wanted = partsOf(path).join('/');
    const whole = this.sources.find(({ name }) => `/${partsOf(name).join('/')}`.endsWith(`/${wanted}`));
    const named = this.sources.filter(({ name }) => baseName(name) === baseName(path));
    if (!whole && named.length > 1)
      throw new FormatError(
        path,
        `${named.length} of the files are called '${baseName(path)}' (${named.map(({ name }) => name).join(', ')}), and none stands at '${path}'; leave out all but the right one.`,
      );
    const source = whole ?? named[0];
    if (source) this.found.add(source);
    return source;
  }

  /** Names of the files that no reader asked for. */
  get unused(): readonly string[] {
    return this.sources.filter((source) => !this.found.has(source)).map(({ name }) => name);
  }
}
