import type { ByteSource } from '../../byteSource';
import { type Companions, type MissingFile, MissingFilesError } from '../../companions';
import { FormatError } from '../../errors';
import { formatBytes, readRange } from '../../readRange';
import { type GraphProto, type TensorProto, TensorProto_DataLocation } from '../gen/onnx_pb';
import { canDefer, type Deferred, rangeData } from './deferred';
import { tensorTitle } from './tensorProto';

/** Where an external tensor's bytes are (onnx.proto, TensorProto.external_data). */
interface Location {
  readonly tensor: TensorProto;
  readonly path: string;
  readonly offset: number;
  /** Null for the rest of the file. */
  readonly length: number | null;
}

/** Tensors of attributes (Constant nodes). */
const attributeTensors = (graph: GraphProto): readonly TensorProto[] =>
  graph.node.flatMap((node) => node.attribute.flatMap(({ t }) => (t ? [t] : [])));

function locate(tensor: TensorProto, file: string): Location {
  const entry = (key: string) => tensor.externalData.find((candidate) => candidate.key === key)?.value;
  const bytes = (key: string): number | null => {
    const text = entry(key);
    if (text === undefined) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
      throw new FormatError(
        file,
        `the external data of ${tensorTitle(tensor)} has the ${key} '${text}'; a whole number of bytes is needed.`,
      );
    return value;
  };
  const path = entry('location');
  if (!path)
    throw new FormatError(
      file,
      `${tensorTitle(tensor)} keeps its values in another file and does not say in which (external_data has no location).`,
    );
  return { tensor, path, offset: bytes('offset') ?? 0, length: bytes('length') };
}

/** Every missing file once, with the end of the last tensor in it. */
function missingFiles(locations: readonly Location[], companions: Companions): readonly MissingFile[] {
  const missing = new Map<string, number | null>();
  for (const { path, offset, length } of locations) {
    if (companions.find(path)) continue;
    const end = length === null ? null : offset + length;
    const known = missing.get(path) ?? null;
    missing.set(path, end === null || known === null ? (end ?? known) : Math.max(end, known));
  }
  return [...missing].map(([path, bytes]) => ({ path, bytes }));
}

function rangeIn(source: ByteSource, { tensor, offset, length }: Location): readonly [number, number] {
  const end = length === null ? source.size : offset + length;
  if (offset > source.size || end > source.size)
    throw new FormatError(
      source.name,
      `${tensorTitle(tensor)} should stand at bytes ${offset} to ${length === null ? 'the end' : end}, but the file has ${formatBytes(source.size)}. It is cut short, or of another model.`,
    );
  return [offset, end];
}

/**
 * Fills the tensors whose values are in other files, as if they stood in the model file; large initializers become
 * `deferred`. Throws a MissingFilesError
 * for files that are not among the companions, a FormatError that names the data file for one that is too short.
 */
export async function loadExternalData(
  graph: GraphProto,
  file: string,
  companions: Companions,
  deferred: Deferred,
): Promise<void> {
  const initializers = new Set(graph.initializer);
  const locations = [...initializers, ...attributeTensors(graph)]
    .filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    .map((tensor) => locate(tensor, file));
  const missing = missingFiles(locations, companions);
  if (missing.length > 0) throw new MissingFilesError(file, missing);
  for (const location of locations) {
    const { tensor, path } = location;
    const source = companions.find(path);
    if (!source) throw new FormatError(file, `internal: '${path}' is gone.`);
    const [start, end] = rangeIn(source, location);
    if (initializers.has(tensor) && canDefer(source, start, end))
      deferred.set(tensor, rangeData(source, start, end, tensorTitle(tensor)));
    else tensor.rawData = await readRange(source, start, end, tensorTitle(tensor));
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
}
