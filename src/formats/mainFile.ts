import type { ByteSource } from './byteSource';
import { FormatError } from './errors';
import { type FileKind, recognize } from './recognize';

/** Formats of models; each has one reader. */
export type ModelFormat = 'onnx' | 'safetensors' | 'tfjs' | 'torch';

/** The format that a file's content shows; null for anything but a model. */
const byContent = ({ kind }: FileKind): ModelFormat | null =>
  kind === 'onnx' || kind === 'safetensors' || kind === 'tfjs' || kind === 'torch' ? kind : null;

/** Broken files still go to the reader of their extension, which can say what is wrong with them. */
const byExtension = (name: string): ModelFormat | null => {
  const extension = /\.(onnx|safetensors|pt|pth|pt2)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined) return null;
  return extension === 'onnx' || extension === 'safetensors' ? extension : 'torch';
};

/** The model file among those that came together, and the others. `format` is null when it is none. */
export interface MainFile {
  readonly source: ByteSource;
  readonly kind: FileKind;
  readonly format: ModelFormat | null;
  readonly others: readonly ByteSource[];
}

interface Candidate {
  readonly source: ByteSource;
  readonly kind: FileKind;
}

/** By content; then, as weights may by chance look like anything, those among them that are called like a model. */
function candidates(files: readonly Candidate[]): readonly Candidate[] {
  const models = files.filter(({ kind }) => byContent(kind) !== null);
  const named = models.filter(({ source }) => byExtension(source.name) !== null);
  if (named.length > 0) return named;
  if (models.length > 0) return models;
  return files.filter(({ source }) => byExtension(source.name) !== null);
}

function formatOf({ source, kind }: Candidate): ModelFormat | null {
  const isUnclear = kind.kind === 'unknown' || kind.kind === 'text';
  return byContent(kind) ?? (isUnclear ? byExtension(source.name) : null);
}

/**
 * Finds the one model file among those that came together; where none seems to be one, the first stands for them.
 * A FormatError when several do.
 */
export async function mainFile(sources: readonly [ByteSource, ...ByteSource[]]): Promise<MainFile> {
  const files = await Promise.all(sources.map(async (source) => ({ source, kind: await recognize(source) })));
  const [main = { source: sources[0], kind: await recognize(sources[0]) }, ...more] = candidates(files);
  if (more.length > 0)
    throw new FormatError(
      [main, ...more].map(({ source }) => source.name).join(', '),
      `these are ${more.length + 1} models; open one at a time. A .safetensors file of samples is dropped once the model is open.`,
    );
  const others = sources.filter((source) => source !== main.source);
  return { ...main, format: formatOf(main), others };
}
