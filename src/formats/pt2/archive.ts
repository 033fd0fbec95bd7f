import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { listZip, type ZipMember } from '../zip/directory';
import { readZipMember } from '../zip/readMember';

/** Where the tensors of one kind are: a file of torch.save, or a list of raw storages. */
export type TensorPlace =
  | { readonly kind: 'torch'; readonly member: ZipMember }
  | { readonly kind: 'raw'; readonly config: ZipMember; readonly folder: string };

/** The parts of a torch.export archive that make a model. */
export interface Pt2Archive {
  readonly source: ByteSource;
  readonly members: ReadonlyMap<string, ZipMember>;
  readonly program: ZipMember;
  /** Parameters and buffers; null when the archive has none. */
  readonly weights: TensorPlace | null;
  /** Constants and buffers that are not in the state dict. */
  readonly constants: TensorPlace | null;
  /** Names of further models in the archive, which are left out. */
  readonly otherModels: readonly string[];
}

const FLAT_PROGRAM = 'serialized_exported_program.json';
const MODEL = /^(.*?)models\/([^/]+)\.json$/;

/** Whether a zip archive is of torch.export, by its members. */
export const hasProgram = (members: readonly ZipMember[]): boolean =>
  members.some(
    ({ name }) => name.endsWith(FLAT_PROGRAM) || MODEL.test(name) || name.endsWith('archive_format'),
  );

interface Chosen {
  readonly program: ZipMember;
  /** The folder that everything is in, with its slash; empty at the top. */
  readonly root: string;
  /** Null in the flat layout. */
  readonly model: string | null;
  readonly others: readonly string[];
}

function choose(source: ByteSource, members: readonly ZipMember[]): Chosen {
  const flat = members.find(({ name }) => name === FLAT_PROGRAM || name.endsWith(`/${FLAT_PROGRAM}`));
  if (flat) return { program: flat, root: flat.name.slice(0, -FLAT_PROGRAM.length), model: null, others: [] };
  const models = members.flatMap((program) => {
    const [, root = '', model = ''] = MODEL.exec(program.name) ?? [];
    return model === '' ? [] : [{ program, root, model }];
  });
  const first = models.find(({ model }) => model === 'model') ?? models[0];
  if (!first) throw new FormatError(source.name, missingProgram(members));
  const others = models.filter((model) => model !== first).map(({ model }) => model);
  return { ...first, others };
}

function missingProgram(members: readonly ZipMember[]): string {
  const compiled = members.some(({ name }) => /(^|\/)data\/aotinductor\//.test(name));
  return compiled
    ? 'is a package of compiled code (AOTInductor) without the exported program. Save the program itself with torch.export.save(program, …).'
    : "has neither 'serialized_exported_program.json' nor a 'models/….json', so no exported program. Write it with torch.export.save(program, …).";
}

/** The first that is there of the names that PyTorch's versions gave it. */
const firstOf = (members: ReadonlyMap<string, ZipMember>, names: readonly string[]): ZipMember | undefined =>
  names.map((name) => members.get(name)).find((member) => member !== undefined);

function placeOf(
  members: ReadonlyMap<string, ZipMember>,
  { root, model }: Chosen,
  kind: 'weights' | 'constants',
) {
  const flat = kind === 'weights' ? 'serialized_state_dict' : 'serialized_constants';
  const folder = `${root}data/${kind}/`;
  const config =
    model === null
      ? undefined
      : firstOf(members, [
          `${folder}${model}_${kind}_config.json`,
          `${folder}${model}_model_${kind === 'weights' ? 'param' : 'constants'}_config.json`,
        ]);
  if (config) return { kind: 'raw', config, folder } as const;
  // The flat layout of 2.1 and 2.2 calls a file of torch.save `.json`.
  const names = model === null ? [`${root}${flat}.pt`, `${root}${flat}.json`] : [`${folder}${model}.pt`];
  const member = firstOf(members, names);
  return member && member.size > 0 ? ({ kind: 'torch', member } as const) : null;
}

/**
 * Finds the exported program and its tensors in the layouts of torch.export.save: flat (2.1 to 2.6), with
 * `data/weights/NAME.pt` (2.7), and with raw storages (2.8 and later; pytorch, torch/csrc/export/pt2_archive_constants.h).
 * All may stand in a folder.
 */
export async function openPt2(source: ByteSource): Promise<Pt2Archive> {
  const listed = await listZip(source);
  const chosen = choose(source, listed);
  const members = new Map(listed.map((member) => [member.name, member]));
  return {
    source,
    members,
    program: chosen.program,
    weights: placeOf(members, chosen, 'weights'),
    constants: placeOf(members, chosen, 'constants'),
    otherModels: chosen.others,
  };
}

export const readMember = (archive: Pt2Archive, member: ZipMember): Promise<Uint8Array> =>
  readZipMember(archive.source, member);
