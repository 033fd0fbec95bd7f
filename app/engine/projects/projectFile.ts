import { blobSource, FormatError, listZip, memberBlob, zipOfBlobs } from '../../../src/index';
import type { ProjectFolder } from './folders';
import { filesOf, MANIFEST, type Manifest, readManifest } from './manifest';

/* A project as one file, `.eqstudio`: a zip archive of its folder. */

/** Up to so many bytes a file is copied: the next save may take another one in its place while the archive is read. */
const COPIED_BYTES = 2 ** 26;

const keptBlob = async (file: Blob): Promise<Blob> =>
  file.size <= COPIED_BYTES ? new Blob([await file.arrayBuffer()]) : file;

/** The files of a folder that its list names, stored as they are. */
export async function packFolder(folder: ProjectFolder) {
  const manifest = await readManifest(await folder.read(MANIFEST), 'The project');
  const members = [];
  for (const name of [MANIFEST, ...filesOf(manifest)])
    members.push({ name, blob: await keptBlob(await folder.read(name)) });
  const parts = await zipOfBlobs(members);
  return { name: `${manifest.name}.eqstudio`, mime: 'application/zip', parts };
}

/** Puts a project file's members into a folder, the list last. A FormatError where it is none, or damaged. */
export async function unpackInto(
  folder: ProjectFolder,
  file: File,
  nameFor: (wanted: string) => Promise<string>,
): Promise<Manifest> {
  const source = blobSource(file, file.name);
  const members = new Map((await listZip(source)).map((member) => [member.name, member]));
  const member = (name: string) => {
    const found = members.get(name);
    if (!found)
      throw new FormatError(
        file.name,
        `has no member '${name}'. It is no project file of the studio, or it is cut short.`,
      );
    return memberBlob(source, found);
  };
  const manifest = await readManifest(await member(MANIFEST), file.name);
  for (const name of filesOf(manifest)) await folder.write(name, [await member(name)]);
  const named = { ...manifest, name: await nameFor(manifest.name) };
  await folder.write(MANIFEST, [JSON.stringify(named)]);
  return named;
}
