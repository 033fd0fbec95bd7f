import type { Tensor } from '../../graph/tensor';
import type { ElementType } from '../elements';
import { conversionNotes } from '../safetensors/read';
import { type ElementBudget, elementTypeOf, materialize, type View } from './materialize';
import type { StoredTensor } from './storedTensor';

/** Named tensors of a file without a graph, or of the part of a file that holds its weights. */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Which of them the file marks as `nn.Parameter`. A state dict marks none. */
  readonly parameters: readonly string[];
  /** Groups of names for one and the same tensor. */
  readonly tied: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Where the bytes of a storage come from. */
export interface Storages {
  readonly file: string;
  readonly bigEndian: boolean;
  readonly budget: ElementBudget;
  read(key: string): Promise<Uint8Array>;
}

const viewKey = (key: string, view: View): string =>
  JSON.stringify([key, view.dtype, view.offset, view.shape, view.strides]);

/** Where the view stands in the bytes of the storage's key: a storage may itself start inside of them. */
const viewOfStored = (stored: StoredTensor): View => ({
  dtype: stored.dtype,
  offset: stored.offset + stored.storage.start,
  shape: stored.shape,
  strides: stored.strides,
});

/** The tensors as a record in the order of these names. */
export const inOrder = (
  names: readonly string[],
  tensors: ReadonlyMap<string, Tensor>,
): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const tensor = tensors.get(name);
      return tensor ? [[name, tensor] as const] : [];
    }),
  );

type Entry = readonly [name: string, tensor: StoredTensor];

function byStorage(stored: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of stored) {
    const { key } = entry[1].storage;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups;
}

/**
 * Reads the tensors storage by storage, each storage once; names of one view share one tensor. Throws a FormatError
 * that names the tensor at fault.
 */
export async function readStored(
  stored: ReadonlyMap<string, StoredTensor>,
  storages: Storages,
): Promise<TensorFile> {
  const { file, budget, bigEndian } = storages;
  const label = (name: string) => ({ file, what: `tensor '${name}'` });
  const types = [...stored].map(([name, { dtype }]): { name: string; type: ElementType } => ({
    name,
    type: elementTypeOf(dtype, label(name)),
  }));
  const read = new Map<string, Tensor>();
  const names = new Map<string, string[]>();
  for (const [key, entries] of byStorage(stored)) {
    const bytes = await storages.read(key);
    const known = new Map<string, Tensor>();
    for (const [name, tensor] of entries) {
      const view = viewOfStored(tensor);
      const id = viewKey(key, view);
      const made = known.get(id) ?? materialize(bytes, view, label(name), budget, bigEndian);
      known.set(id, made);
      read.set(name, made);
      names.set(id, [...(names.get(id) ?? []), name]);
    }
  }
  return {
    tensors: inOrder([...stored.keys()], read),
    parameters: [...stored].flatMap(([name, tensor]) => (tensor.parameter ? [name] : [])),
    tied: [...names.values()].filter((group) => group.length > 1),
    notes: conversionNotes(types),
  };
}
