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
import type { ProjectFolder } from './folders';
import { filesOf, MANIFEST, type Manifest, neededRecords, PROJECT_VERSION, type RecordRow } from './manifest';
import { ProjectFiles } from './projectFiles';

/** What a save takes. */
export interface Saving {
  readonly page: string;
  /** By number, oldest first. */
  readonly states: ReadonlyMap<number, State>;
  readonly now: number;
  readonly steps: readonly StepName[];
}

interface Unwritten {
  readonly kept: string;
  readonly record: WrittenRecord;
  readonly files: readonly string[];
}

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
  readonly files: ProjectFiles;
  private readonly unwritten: Unwritten[] = [];
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
    this.files = new ProjectFiles(folder);
    this.writer = new StateWriter(opened, this.files, next);
  }

  /** Writes what has changed, and gives the list of what there is now. */
  async save({ page, states, now, steps }: Saving): Promise<Manifest> {
    await this.flush();
    for (const [number, state] of states) await this.writeState(number, state);
    await this.files.copy();
    const rows = [...states.keys()].map((state) => ({ state, record: this.states.get(state) ?? '' }));
    this.records = neededRecords(this.records, rows);
    this.files.letGo(this.records);
    const { name, created, files, plan, opened, records } = this;
    const manifest: Manifest = {
      version: PROJECT_VERSION,
      name,
      model: { name: opened.model.name, format: opened.format },
      created,
      saved: Date.now(),
      files: [...files.rows],
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
      this.files.takeNamed();
      const record = this.writer.write(state);
      const kept = `s${record.first}`;
      this.unwritten.push({ kept, record, files: this.files.takeNamed() });
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
    this.files.takeOver(manifest.files, sources);
    this.records = manifest.records;
    this.created = manifest.created;
  }

  private async readStates(manifest: Manifest): Promise<ReadonlyMap<number, State>> {
    const file = async (name: string) => blobSource(await this.folder.read(name), name);
    const files = [];
    for (const { kept } of this.records)
      files.push({ json: await file(`${kept}.json`), numbers: await file(`${kept}.safetensors`) });
    const roots = await readStates(files, this.opened, this.files, this.writer);
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
