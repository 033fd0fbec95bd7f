import { floatTensor, type Tensor } from '../../graph/tensor';
import { elementCount } from '../arraySize';
import type { ByteSource } from '../byteSource';
import { type Companions, type MissingFile, MissingFilesError } from '../companions';
import { decodeElements, ELEMENT_BYTES, type ElementType } from '../elements';
import { FormatError } from '../errors';
import { formatBytes, readRange } from '../readRange';
import type { WeightEntry, WeightGroup } from './modelJson';

const TYPES: Readonly<Record<string, ElementType>> = {
  float32: 'f32',
  float16: 'f16',
  int32: 'i32',
  bool: 'bool',
  uint8: 'u8',
  uint16: 'u16',
};

function storedType(file: string, { name, dtype, quantization }: WeightEntry): ElementType {
  const stored = quantization?.dtype ?? dtype;
  const type = Object.hasOwn(TYPES, stored) ? TYPES[stored] : undefined;
  if (type === undefined)
    throw new FormatError(
      file,
      `weight '${name}' is ${stored}; the studio reads ${Object.keys(TYPES).join(', ')}.`,
    );
  return type;
}

/** A group's shards stand one behind the other; a weight may begin in one and end in the next. */
async function readAcross(shards: readonly ByteSource[], start: number, length: number, what: string) {
  const out = new Uint8Array(length);
  let offset = 0;
  for (const shard of shards) {
    const from = Math.max(start, offset);
    const to = Math.min(start + length, offset + shard.size);
    if (from < to) out.set(await readRange(shard, from - offset, to - offset, what), from - start);
    offset += shard.size;
  }
  return out;
}

/** Quantized weights are `value · scale + min` (tfjs-core, `decodeWeights`). */
function dequantized(tensor: Tensor, { quantization }: WeightEntry): Tensor {
  if (!quantization || quantization.dtype === 'float16') return tensor;
  const { scale = 1, min = 0 } = quantization;
  const data = new Float32Array(tensor.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (tensor.data[i] ?? 0) * scale + min;
  return floatTensor(tensor.shape, data);
}

async function readGroup(
  file: string,
  { weights }: WeightGroup,
  shards: readonly ByteSource[],
  found: Map<string, Tensor>,
): Promise<void> {
  const there = shards.reduce((sum, { size }) => sum + size, 0);
  let start = 0;
  for (const entry of weights) {
    const what = `weight '${entry.name}'`;
    if (found.has(entry.name))
      throw new FormatError(
        file,
        `has two weights named '${entry.name}', so that neither finds its layer; give the layers names of their own and save again.`,
      );
    const type = storedType(file, entry);
    const length = elementCount(entry.shape, { file, what }) * ELEMENT_BYTES[type];
    if (start + length > there)
      throw new FormatError(
        shards.map(({ name }) => name).join(', '),
        `${what} should end at byte ${start + length}, but the ${shards.length === 1 ? 'file has' : 'files have'} ${formatBytes(there)}. A file is cut short, or of another model.`,
      );
    const bytes = await readAcross(shards, start, length, what);
    const { dtype, data } = decodeElements(bytes, type, { file, what });
    found.set(entry.name, dequantized({ dtype, shape: entry.shape, data }, entry));
    start += length;
  }
}

/** All weights by their names in the manifest. Throws a MissingFilesError that names every shard that did not come. */
export async function readWeights(
  file: string,
  groups: readonly WeightGroup[],
  companions: Companions,
): Promise<ReadonlyMap<string, Tensor>> {
  const missing: MissingFile[] = [];
  const shards = groups.map(({ paths }) =>
    paths.flatMap((path) => {
      const source = companions.find(path);
      if (!source) missing.push({ path, bytes: null });
      return source ? [source] : [];
    }),
  );
  if (missing.length > 0) throw new MissingFilesError(file, missing);
  const found = new Map<string, Tensor>();
  for (const [i, group] of groups.entries()) await readGroup(file, group, shards[i] ?? [], found);
  return found;
}

/**
 * A layer's weight. Names in manifests end in `layer/weight`, with the models around the layer before it or not, and
 * ':0' behind or not; the longest agreement with the layer's path counts.
 */
export class WeightNames {
  private readonly used = new Set<string>();
  private readonly byEnd = new Map<string, string[]>();

  constructor(
    private readonly file: string,
    private readonly weights: ReadonlyMap<string, Tensor>,
  ) {
    for (const name of weights.keys()) {
      const end = partsOf(name).at(-1) ?? name;
      this.byEnd.set(end, [...(this.byEnd.get(end) ?? []), name]);
    }
  }

  /** `path` leads from the model to the layer. Undefined when the file has no such weight. */
  find(path: readonly string[], weight: string): Tensor | undefined {
    const layer = (path.at(-1) ?? '').split('/');
    const ranked = (this.byEnd.get(weight) ?? [])
      .filter(
        (name) =>
          partsOf(name)
            .slice(-layer.length - 1, -1)
            .join('/') === layer.join('/'),
      )
      .map((name) => ({ name, score: agreement(partsOf(name).slice(0, -1), path) }))
      .sort((a, b) => b.score - a.score);
    const [best, second] = ranked;
    if (!best) return undefined;
    if (second && second.score === best.score)
      throw new FormatError(
        this.file,
        `layer '${path.join('/')}' finds two weights '${weight}': '${best.name}' and '${second.name}'. Give the layers names of their own.`,
      );
    this.used.add(best.name);
    return this.weights.get(best.name);
  }

  /** Weights that no layer took: an optimizer's, or of layers that only training needs. */
  get unused(): readonly string[] {
    return [...this.weights.keys()].filter((name) => !this.used.has(name));
  }
}

const partsOf = (name: string): readonly string[] => name.replace(/:\d+$/, '').split('/');

/** How many parts from the end agree. */
function agreement(name: readonly string[], path: readonly string[]): number {
  const whole = path.flatMap((part) => part.split('/'));
  let count = 0;
  while (count < name.length && name.at(-1 - count) === whole.at(-1 - count)) count++;
  // A name with folders that the path does not have agrees less.
  return count - 0.01 * (name.length - count);
}
