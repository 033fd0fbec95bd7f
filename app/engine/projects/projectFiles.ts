import { type ByteSource, blobSource } from '../../../src/index';
import { fileOf, standInFor } from '../openedFiles';
import type { ProjectFolder } from './folders';
import { type FileRow, neededFiles, type RecordRow } from './manifest';
import { LostFileError } from './storageError';

/** A file that is to be copied into the project, once. */
interface Waiting {
  readonly row: FileRow;
  readonly source: ByteSource;
}

/** Whether a file of the user's disk is still what it was when it was opened: browsers read no other, and none beyond its end. */
const isReadable = ({ size, read }: ByteSource): Promise<boolean> =>
  read(Math.max(0, size - 1), size).then(
    () => true,
    () => false,
  );

const AGAIN = { model: 'Open it again', data: 'Open the model and this file again' } as const;

async function copyInto(folder: ProjectFolder, { row, source }: Waiting): Promise<void> {
  try {
    await folder.write(row.kept, [fileOf(source)]);
  } catch (error) {
    if (await isReadable(source)) throw error;
    throw new LostFileError(
      `${row.name} was changed, moved or deleted on the disk before this browser had a copy of it. ${AGAIN[row.use]} to have the work kept; until then what is on the page stays, but nothing that has to read this file again can be run or exported.`,
    );
  }
}

const numberOf = (kept: string): number => Number(/^f(\d+)-/.exec(kept)?.[1] ?? 0);

const safeName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_').slice(-100) || 'file';

/** The files of a project that the user gave: the model's own and data. Each is copied once and never changed. */
export class ProjectFiles {
  private readonly names = new Map<ByteSource, string>();
  private readonly byName = new Map<string, ByteSource>();
  private waiting: Waiting[] = [];
  /** Numbers of files are not given twice. */
  private nextFile = 0;
  private copied: readonly FileRow[] = [];
  /** Files that were asked for since `takeNamed`. */
  private named = new Set<string>();

  constructor(private readonly folder: ProjectFolder) {}

  /** Those that the folder has. */
  get rows(): readonly FileRow[] {
    return this.copied;
  }

  /** The model's own files, to be copied with the first save. */
  addModelFiles(files: readonly ByteSource[]): void {
    for (const file of files) this.add(file, 'model');
  }

  private add(source: ByteSource, use: FileRow['use']): string {
    const { name, size } = source;
    const kept = `f${this.nextFile}-${safeName(name)}`;
    this.nextFile += 1;
    this.waiting.push({ row: { kept, name, bytes: size, use }, source });
    return kept;
  }

  /** The model's own files, wherever they are by now. */
  async modelFiles(): Promise<readonly ByteSource[]> {
    const isOwn = ({ use }: FileRow) => use === 'model';
    const waiting = this.waiting.filter(({ row }) => isOwn(row)).map(({ source }) => source);
    const kept = this.copied
      .filter(isOwn)
      .map(async (row) => blobSource(await this.folder.read(row.kept), row.name));
    return [...(await Promise.all(kept)), ...waiting];
  }

  /** Under which name a file that the work holds is kept. */
  nameOf(source: ByteSource): string {
    const kept = this.names.get(source) ?? this.addData(source);
    this.named.add(kept);
    return kept;
  }

  private addData(source: ByteSource): string {
    const kept = this.add(source, 'data');
    this.names.set(source, kept);
    return kept;
  }

  takeNamed(): readonly string[] {
    const named = [...this.named];
    this.named = new Set();
    return named;
  }

  source(name: string): ByteSource | undefined {
    return this.byName.get(name);
  }

  /** Copies what waits. From then on the copies stand in for files that go from the user's disk. */
  async copy(): Promise<void> {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      await copyInto(this.folder, next);
      const { row, source } = next;
      if (this.folder.isOnDisk) standInFor(source, await this.folder.read(row.kept));
      this.copied = [...this.copied, row];
      this.waiting.shift();
    }
  }

  /** Data that was replaced, and that no state to come back to is of. Opened again, it is copied again. */
  letGo(records: readonly RecordRow[]): void {
    this.copied = neededFiles(this.copied, records);
    const kept = new Set(this.copied.map((row) => row.kept));
    for (const [source, name] of this.names)
      if (!kept.has(name)) {
        this.names.delete(source);
        this.byName.delete(name);
        standInFor(source, null);
      }
  }

  /** Those of a saved project, by the names they are kept under. */
  takeOver(rows: readonly FileRow[], sources: ReadonlyMap<string, ByteSource>): void {
    this.copied = rows;
    this.nextFile = 1 + Math.max(-1, ...rows.map(({ kept }) => numberOf(kept)));
    for (const { kept, use } of rows) {
      const source = sources.get(kept);
      if (!source || use === 'model') continue;
      this.names.set(source, kept);
      this.byName.set(kept, source);
    }
  }
}
