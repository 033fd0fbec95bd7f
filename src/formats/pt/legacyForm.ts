import type { ByteSource } from '../byteSource';
import { ELEMENT_BYTES } from '../elements';
import { FormatError } from '../errors';
import { readPickleAt } from '../pickle/read';
import { PickleDict, PickleList, type PickleValue, showPickle } from '../pickle/value';
import { formatBytes, readRange, viewOf } from '../readRange';
import { ElementBudget, elementTypeOf } from './materialize';
import { StorageRef } from './storedTensor';
import { TorchWorld } from './torchWorld';
import { MAX_PICKLE_BYTES, type TorchContent } from './zipForm';

/** torch/serialization.py: what the first two pickles of the file hold. */
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
const FIRST_WINDOW = 2 ** 20;
const COUNT_BYTES = 8;

/** Notes every storage that the pickle names: the storages behind it state their counts, but not their types. */
class StorageWorld extends TorchWorld {
  readonly storages = new Map<string, StorageRef>();
  override persistent(id: PickleValue): PickleValue {
    const value = super.persistent(id);
    if (value instanceof StorageRef) this.storages.set(value.key, value);
    return value;
  }
}

interface Pickles {
  readonly values: readonly PickleValue[];
  readonly end: number;
  readonly world: StorageWorld;
}

/** The five pickles at the front: magic number, version, system, the object, the storages' keys. Null when cut short. */
function parsePickles(bytes: Uint8Array, file: string): Pickles | null {
  const world = new StorageWorld(file);
  const values: PickleValue[] = [];
  let end = 0;
  for (const what of ['magic number', 'version', 'system', 'object', 'list of storages']) {
    const read = readPickleAt(bytes, end, file, `its pickle (${what})`, world);
    if (!read) return null;
    if (values.length === 0 && read.value !== MAGIC_NUMBER)
      throw new FormatError(
        file,
        `is a Python pickle (of ${showPickle(read.value)}), not a file of torch.save. Save the tensors with torch.save(model.state_dict(), …).`,
      );
    values.push(read.value);
    end = read.end;
  }
  return { values, end, world };
}

/** Their length stands nowhere, so the window grows until they fit. */
async function readPickles(source: ByteSource): Promise<Pickles> {
  for (let window = FIRST_WINDOW; ; window *= 2) {
    const length = Math.min(window, source.size, MAX_PICKLE_BYTES);
    const read = parsePickles(await readRange(source, 0, length, 'the pickle'), source.name);
    if (read) return read;
    if (length === source.size)
      throw new FormatError(source.name, 'its pickle breaks off at the end of the file. Get the file again.');
    if (length === MAX_PICKLE_BYTES)
      throw new FormatError(
        source.name,
        `its pickle has more than ${formatBytes(MAX_PICKLE_BYTES)}, the most that is read.`,
      );
  }
}

/** Whether the machine that wrote the file stored numbers with their first byte last; the third pickle says so. */
const isBigEndian = (system: PickleValue | undefined): boolean => {
  if (!(system instanceof PickleDict)) return false;
  return system.entries.get('little_endian') === false;
};

/** Where each storage's elements stand: behind the pickles, in the order of the keys, each after its count. */
async function locate(source: ByteSource, { values, end, world }: Pickles, bigEndian: boolean) {
  const keys = values[4];
  if (!(keys instanceof PickleList))
    throw new FormatError(
      source.name,
      `lists its storages as ${showPickle(keys ?? null)}; a list is needed.`,
    );
  const places = new Map<string, readonly [start: number, end: number]>();
  let at = end;
  for (const key of keys.items) {
    const storage = world.storages.get(String(key));
    if (!storage)
      throw new FormatError(source.name, `has a storage ${showPickle(key)} that no tensor names.`);
    const what = `storage '${storage.key}'`;
    const width = ELEMENT_BYTES[elementTypeOf(storage.dtype, { file: source.name, what })];
    const view = viewOf(await readRange(source, at, at + COUNT_BYTES, `the count of ${what}`));
    const start = at + COUNT_BYTES;
    at = start + Number(view.getBigInt64(0, !bigEndian)) * width;
    if (!(at >= start && at <= source.size))
      throw new FormatError(
        source.name,
        `${what} claims ${formatBytes(at - start)}, of which ${formatBytes(source.size - start)} are there. The file is cut short; get it again.`,
      );
    places.set(storage.key, [start, at]);
  }
  return places;
}

/** The form before PyTorch 1.6, still written with `_use_new_zipfile_serialization=False`: pickles, then the storages. */
export async function readLegacyForm(source: ByteSource): Promise<TorchContent> {
  const pickles = await readPickles(source);
  const [, version, system, value = null] = pickles.values;
  if (version !== PROTOCOL_VERSION)
    throw new FormatError(
      source.name,
      `is of version ${showPickle(version ?? null)} of torch.save; ${PROTOCOL_VERSION} is read.`,
    );
  const bigEndian = isBigEndian(system);
  const places = await locate(source, pickles, bigEndian);
  const read = async (key: string) => {
    const place = places.get(key);
    if (place) return readRange(source, place[0], place[1], `storage '${key}'`);
    throw new FormatError(source.name, `lacks storage '${key}', which its tensors name.`);
  };
  return {
    value,
    storages: { file: source.name, budget: new ElementBudget(source.size), bigEndian, read },
  };
}
