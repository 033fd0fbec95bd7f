import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { readPickle } from '../pickle/read';
import type { PickleValue } from '../pickle/value';
import { formatBytes } from '../readRange';
import { listZip, unpackedBytes, type ZipMember } from '../zip/directory';
import { readZipMember } from '../zip/readMember';
import { ElementBudget } from './materialize';
import type { Storages } from './tensorFile';
import { TorchWorld } from './torchWorld';

/** A state dict of a hundred thousand tensors takes about 30 MB; larger pickles hold other things than names. */
export const MAX_PICKLE_BYTES = 256 * 2 ** 20;

/** What a file holds, and where the bytes of its storages are. */
export interface TorchContent {
  readonly value: PickleValue;
  readonly storages: Storages;
}

function refuseScript(source: ByteSource, members: readonly ZipMember[]): void {
  const script = members.find(({ name }) => /(^|\/)(constants\.pkl|code\/.*)$/.test(name));
  if (!script) return;
  throw new FormatError(
    source.name,
    `is a TorchScript archive (member '${script.name}'), whose graph is compiled Python. Write the model that it was made of with fx_export.py (from the studio's start page) or with torch.onnx.export.`,
  );
}

const isBigEndian = async (source: ByteSource, member: ZipMember | undefined): Promise<boolean> =>
  member !== undefined && new TextDecoder().decode(await readZipMember(source, member)).trim() === 'big';

/** The form of PyTorch 1.6 and later: a zip of `data.pkl`, `data/KEY` for each storage, and `byteorder`, in one folder. */
export async function readZipForm(source: ByteSource, known?: readonly ZipMember[]): Promise<TorchContent> {
  const members = known ?? (await listZip(source));
  refuseScript(source, members);
  const byName = new Map(members.map((member) => [member.name, member]));
  const pickle = members.find(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (!pickle)
    throw new FormatError(source.name, "is a zip archive without 'data.pkl', so no file of torch.save.");
  if (pickle.size > MAX_PICKLE_BYTES)
    throw new FormatError(
      source.name,
      `member '${pickle.name}' has ${formatBytes(pickle.size)}; at most ${formatBytes(MAX_PICKLE_BYTES)} are read as a pickle.`,
    );
  const root = pickle.name.slice(0, -'data.pkl'.length);
  const bytes = await readZipMember(source, pickle);
  const value = readPickle(bytes, source.name, `member '${pickle.name}'`, new TorchWorld(source.name));
  return {
    value,
    storages: {
      file: source.name,
      budget: new ElementBudget(source.size, unpackedBytes(members)),
      bigEndian: await isBigEndian(source, byName.get(`${root}byteorder`)),
      read: async (key) => {
        const member = byName.get(`${root}data/${key}`);
        if (member) return readZipMember(source, member);
        throw new FormatError(source.name, `lacks member '${root}data/${key}', a storage of its tensors.`);
      },
    },
  };
}
