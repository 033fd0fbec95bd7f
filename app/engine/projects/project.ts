import {
  type ByteSource,
  blobSource,
  FormatError,
  type LayersPlan,
  type OpenedModel,
  readStates,
  reopenModel,
  type State,
  StateWriter,
  type StepName,
  type WrittenRecord,
} from '../../../src/index';
import { settingsSchema } from '../../settingsSchema';
import { fileOf } from '../openedFiles';
import type { ProjectFolder } from './folders';
import {
  type FileRow,
  filesOf,
  MANIFEST,
  type Manifest,
  neededFiles,
  neededRecords,
  PROJECT_VERSION,
  type RecordRow,
} from './manifest';
import { LostFileError } from './storageError';

/** What a save takes. */
export interface Saving {
  readonly page: string;
  /** By number, oldest first. */
  readonly states: ReadonlyMap<number, State>;
  readonly now: number;
  readonly steps: readonly StepName[];
}

/** A file that is to be copied into the project, once. */
interface Waiting {
  readonly row: FileRow;
  readonly blob: Blob;
}

interface Unwritten {
  readonly kept: string;
  readonly record: WrittenRecord;
  readonly files: readonly string[];
}

/** Whether a file of the user's disk is still what it was when it was opened: browsers read no other, and none beyond its end. */
const isReadable = (blob: Blob): Promise<boolean> =>
  blob
    .slice(-1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

const AGAIN = { model: 'Open it again', data: 'Open the model and this file again' } as const;

async function copyInto(folder: ProjectFolder, { row, blob }: Waiting): Promise<void> {
  try {
    await folder.write(row.kept, [blob]);
  } catch (error) {
    if (await isReadable(blob)) throw error;
    throw new LostFileError(
      `${row.name} was changed, moved or deleted on the disk before this browser had a copy of it. ${AGAIN[row.use]} to have the work kept; until then what is on the page stays, but nothing that has to read this file again can be run or exported.`,
    );
  }
}

const numberOf = (kept: string): number => Number(/^f(\d+)-/.exec(kept)?.[1] ?? 0);

const safeName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_').slice(-100) || 'file';

/** Page and steps go by them as they are. */
function checkSettings({ settings }: State, project: string): void {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw new FormatError(
    project,
    `its settings are damaged (${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}). Open the model anew and run the steps again.`,
  );
}

/**
 * The project of the open model, on the disk: files are written once and never changed, and the list of them
 * (`project.json`) last. Whatever ends a save in the middle leaves the project as it was saved before.
 */
export class Project {
  private readonly sources = new Map<ByteSource, string>();
  private readonly byName = new Map<string, ByteSource>();
  private waiting: Waiting[] = [];
  private readonly unwritten: Unwritten[] = [];
  /** Files that the record being written names. */
  private named = new Set<string>();
  /** Numbers of files are not given twice. */
  private nextFile = 0;
  private files: readonly FileRow[] = [];
  private records: readonly RecordRow[] = [];
  private states = new Map<number, string>();
  private readonly rowOf = new WeakMap<State, string>();
  private created = Date.now();
  readonly writer: StateWriter;

  constructor(
    readonly id: string,
    public name: string,
    private readonly folder: ProjectFolder,
    private readonly opened: OpenedModel,
    readonly plan: LayersPlan | null,
    /** The first number that no record holds. */
    next = 0,
  ) {
    this.writer = new StateWriter(opened, this, next);
  }

  /** The model's own files, to be copied with the first save. */
  addModelFiles(files: readonly File[]): void {
    for (const file of files) this.add(file.name, file, 'model');
  }

  private add(name: string, blob: Blob, use: FileRow['use']): string {
    const kept = `f${this.nextFile}-${safeName(name)}`;
    this.nextFile += 1;
    this.waiting.push({ row: { kept, name, bytes: blob.size, use }, blob });
    return kept;
  }

  /** The model's own files, wherever they are by now. */
  async modelFiles(): Promise<readonly File[]> {
    const isOwn = ({ use }: FileRow) => use === 'model';
    const waiting = this.waiting.filter(({ row }) => isOwn(row));
    const kept = this.files
      .filter(isOwn)
      .map(async (row) => ({ row, blob: await this.folder.read(row.kept) }));
    return [...(await Promise.all(kept)), ...waiting].map(({ row, blob }) => new File([blob], row.name));
  }

  /** Under which name a file that the work holds is kept. */
  nameOf(source: ByteSource): string {
    const kept = this.sources.get(source) ?? this.addData(source);
    this.named.add(kept);
    return kept;
  }

  private addData(source: ByteSource): string {
    const kept = this.add(source.name, fileOf(source), 'data');
    this.sources.set(source, kept);
    return kept;
  }

  source(name: string): ByteSource | undefined {
    return this.byName.get(name);
  }

  /** Writes what has changed, and gives the list of what there is now. */
  async save({ page, states, now, steps }: Saving): Promise<Manifest> {
    await this.flush();
    for (const [number, state] of states) await this.writeState(number, state);
    await this.copyFiles();
    const rows = [...states.keys()].map((state) => ({ state, record: this.states.get(state) ?? '' }));
    this.records = neededRecords(this.records, rows);
    this.letGoOfFiles();
    const { name, created, files, plan, opened, records } = this;
    const manifest: Manifest = {
      version: PROJECT_VERSION,
      name,
      model: { name: opened.model.name, format: opened.format },
      created,
      saved: Date.now(),
      files: [...files],
      plan,
      records: [...records],
      states: rows,
      now,
      steps: [...steps],
      page,
    };
    await this.folder.write(MANIFEST, [JSON.stringify(manifest)]);
    await this.sweep(manifest);
    return manifest;
  }

  /** Later records name what stands in this one: where writing fails, it is tried again before them. */
  private async writeState(number: number, state: State): Promise<void> {
    const known = this.rowOf.get(state);
    if (known === undefined || !this.records.some(({ kept }) => kept === known)) {
      this.named = new Set();
      const record = this.writer.write(state);
      const kept = `s${record.first}`;
      this.unwritten.push({ kept, record, files: [...this.named] });
      this.rowOf.set(state, kept);
      await this.flush();
    }
    this.states.set(number, this.rowOf.get(state) ?? '');
  }

  private async flush(): Promise<void> {
    for (let next = this.unwritten[0]; next !== undefined; next = this.unwritten[0]) {
      const { kept, record, files } = next;
      await this.folder.write(`${kept}.safetensors`, record.numbers);
      await this.folder.write(`${kept}.json`, [record.json]);
      const { bytes, first, end } = record;
      const uses = [...new Set([...record.uses].map((id) => this.recordOf(id)))];
      this.records = [...this.records, { kept, bytes, first, end, uses, files: [...files] }];
      this.unwritten.shift();
    }
  }

  private recordOf(id: number): string {
    const record = this.records.find(({ first, end }) => id >= first && id < end);
    if (!record) throw new Error(`internal: no record holds the object ${id}.`);
    return record.kept;
  }

  private async copyFiles(): Promise<void> {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      await copyInto(this.folder, next);
      this.files = [...this.files, next.row];
      this.waiting.shift();
    }
  }

  /** Data that was replaced, and that no state to come back to is of. Opened again, it is copied again. */
  private letGoOfFiles(): void {
    this.files = neededFiles(this.files, this.records);
    const kept = new Set(this.files.map((row) => row.kept));
    for (const [source, name] of this.sources)
      if (!kept.has(name)) {
        this.sources.delete(source);
        this.byName.delete(name);
      }
  }

  /** Files that nothing names any more. */
  private async sweep(manifest: Manifest): Promise<void> {
    const named = new Set([MANIFEST, ...filesOf(manifest)]);
    for (const name of await this.folder.names())
      if (!named.has(name) && !name.endsWith('.crswap')) await this.folder.remove(name);
  }

  /** Opens a project: its model from its files, its states from their records. */
  static async open(id: string, folder: ProjectFolder, manifest: Manifest) {
    const sources = new Map<string, ByteSource>();
    for (const { kept, name } of manifest.files) sources.set(kept, blobSource(await folder.read(kept), name));
    const own = manifest.files.filter(({ use }) => use === 'model');
    const opened = await reopenModel(
      own.flatMap(({ kept }) => sources.get(kept) ?? []),
      manifest.plan,
    );
    const next = Math.max(0, ...manifest.records.map(({ end }) => end));
    const project = new Project(id, manifest.name, folder, opened, manifest.plan, next);
    project.takeOver(manifest, sources);
    return { project, opened, states: await project.readStates(manifest) };
  }

  private takeOver(manifest: Manifest, sources: ReadonlyMap<string, ByteSource>): void {
    this.files = manifest.files;
    this.records = manifest.records;
    this.created = manifest.created;
    this.nextFile = 1 + Math.max(-1, ...manifest.files.map(({ kept }) => numberOf(kept)));
    for (const { kept, use } of manifest.files) {
      const source = sources.get(kept);
      if (!source || use === 'model') continue;
      this.sources.set(source, kept);
      this.byName.set(kept, source);
    }
  }

  private async readStates(manifest: Manifest): Promise<ReadonlyMap<number, State>> {
    const file = async (name: string) => blobSource(await this.folder.read(name), name);
    const files = [];
    for (const { kept } of this.records)
      files.push({ json: await file(`${kept}.json`), numbers: await file(`${kept}.safetensors`) });
    const roots = await readStates(files, this.opened, this, this.writer);
    for (const root of roots) checkSettings(root, this.name);
    const byRecord = new Map(this.records.map(({ kept }, at) => [kept, roots[at]]));
    const states = new Map<number, State>();
    for (const { state, record } of manifest.states) {
      const root = byRecord.get(record);
      if (root === undefined) continue;
      states.set(state, root);
      this.states.set(state, record);
      this.rowOf.set(root, record);
    }
    return states;
  }
}
