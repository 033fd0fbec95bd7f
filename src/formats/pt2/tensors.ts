import type { Tensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import type { ElementType } from '../elements';
import { FormatError } from '../errors';
import { ElementBudget, elementTypeOf, materialize, type View } from '../pt/materialize';
import { readTorchTensors } from '../pt/read';
import { inOrder, type TensorFile } from '../pt/tensorFile';
import { conversionNotes } from '../safetensors/read';
import { unpackedBytes, type ZipMember } from '../zip/directory';
import { firstIssue } from '../zodIssue';
import { type Pt2Archive, readMember, type TensorPlace } from './archive';
import { parsePythonJson } from './json';
import { scalarTypeName } from './scalarTypes';
import { type Payload, type PayloadConfig, payloadConfig, type SymInt, type TensorMeta } from './schema';

const NONE: TensorFile = { tensors: {}, parameters: [], tied: [], notes: [] };

/** The tensors of one kind (weights, constants), whichever way the archive keeps them. */
export async function readPt2Tensors(archive: Pt2Archive, place: TensorPlace | null): Promise<TensorFile> {
  if (place === null) return NONE;
  if (place.kind === 'raw') return readRaw(archive, place);
  const bytes = await readMember(archive, place.member);
  return readTorchTensors(bytesSource(bytes, `${archive.source.name} (${place.member.name})`), {
    empty: true,
  });
}

async function readConfig(archive: Pt2Archive, place: TensorPlace & { kind: 'raw' }): Promise<PayloadConfig> {
  const file = archive.source.name;
  const what = `member '${place.config.name}'`;
  const json = parsePythonJson(await readMember(archive, place.config), file, what);
  const parsed = payloadConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new FormatError(file, `${what}: ${firstIssue(parsed.error)}.`);
}

/** Weights have fixed sizes; an expression there is an error of the file. */
function numbers(values: readonly SymInt[], fail: (problem: string) => never): readonly number[] {
  return values.map((value) =>
    'as_int' in value ? value.as_int : fail(`has the size ${value.as_expr.expr_str}, which is no number`),
  );
}

function viewOf(meta: TensorMeta, fail: (problem: string) => never): View {
  const [offset = 0] = numbers(meta.storage_offset ? [meta.storage_offset] : [], fail);
  const shape = numbers(meta.sizes, fail);
  const strides = numbers(meta.strides ?? [], fail);
  if (strides.length !== shape.length) fail(`has ${shape.length} sizes and ${strides.length} strides`);
  return { dtype: scalarTypeName(meta.dtype), offset, shape, strides };
}

/** A tensor of the archive: where its storage is, and which view of it it is. */
interface RawView {
  readonly label: { readonly file: string; readonly what: string };
  readonly path: string;
  readonly member: ZipMember;
  readonly view: View;
}

function rawViewOf(archive: Pt2Archive, folder: string, name: string, payload: Payload): RawView {
  const label = { file: archive.source.name, what: `tensor '${name}'` };
  const fail = (problem: string): never => {
    throw new FormatError(
      label.file,
      `${label.what} ${problem}. Write the archive again with torch.export.save.`,
    );
  };
  const { path_name: path, tensor_meta: meta } = payload;
  if (payload.use_pickle || !meta)
    return fail('is a pickled Python object, which only its own code can rebuild');
  const member =
    archive.members.get(folder + path) ?? fail(`is stored in '${folder + path}', which the archive lacks`);
  return { label, path, member, view: viewOf(meta, fail) };
}

/** Raw storages of 2.8 and later: several tensors may be views of one. */
async function readRaw(archive: Pt2Archive, place: TensorPlace & { kind: 'raw' }): Promise<TensorFile> {
  const { config } = await readConfig(archive, place);
  const budget = new ElementBudget(archive.source.size, unpackedBytes([...archive.members.values()]));
  const tensors = new Map<string, Tensor>();
  const made = new Map<string, { readonly tensor: Tensor; readonly names: string[] }>();
  const types: { name: string; type: ElementType }[] = [];
  let storage: { readonly path: string; readonly bytes: Uint8Array } = { path: '', bytes: new Uint8Array(0) };
  // Views of one storage one after the other, so that only one storage is held.
  const entries = Object.entries(config).sort(([, a], [, b]) => (a.path_name < b.path_name ? -1 : 1));
  for (const [name, payload] of entries) {
    const { label, path, member, view } = rawViewOf(archive, place.folder, name, payload);
    types.push({ name, type: elementTypeOf(view.dtype, label) });
    const id = JSON.stringify([path, view]);
    const known = made.get(id);
    if (known) known.names.push(name);
    else {
      if (storage.path !== path) storage = { path, bytes: await readMember(archive, member) };
      made.set(id, { tensor: materialize(storage.bytes, view, label, budget), names: [name] });
    }
  }
  for (const { tensor, names } of made.values()) for (const name of names) tensors.set(name, tensor);
  return {
    // In the order of the archive, which is the module's.
    tensors: inOrder(Object.keys(config), tensors),
    parameters: Object.entries(config).flatMap(([name, { is_param }]) => (is_param ? [name] : [])),
    tied: [...made.values()].map(({ names }) => names).filter((names) => names.length > 1),
    notes: conversionNotes(types),
  };
}
