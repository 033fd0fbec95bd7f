import type {
  ByteSource,
  LayersPlan,
  OpenedModel,
  State,
  StepName,
  Studio,
  StudioView,
} from '../../../src/index';
import { FormatError, STEPS } from '../../../src/index';
import type { KeptStates, OpenedProject, ProjectsView, SavedMark } from './api';
import { projectsFolder } from './folders';
import { holdProject } from './locks';
import type { Manifest } from './manifest';
import { memoryFolder } from './memoryFolder';
import { Project, type Saving } from './project';
import { packFolder, unpackInto } from './projectFile';
import {
  checkName,
  copyProject,
  deleteProject,
  folderOf,
  freeName,
  manifestOf,
  projectsView,
  rename,
} from './shelf';
import { isOfStorage, LostFileError } from './storageError';

interface OpenProject {
  readonly project: Project;
  readonly opened: OpenedModel;
  readonly release: () => void;
  /** What was saved last. */
  manifest: Manifest | null;
}

/** A model that is open and not saved yet. */
interface NewModel {
  readonly files: readonly ByteSource[];
  readonly plan: LayersPlan | null;
}

/** Holds a project that is to be made; null where the browser keeps no files. */
async function holdIfKept(id: string): Promise<(() => void) | null> {
  try {
    await projectsFolder();
  } catch (error) {
    if (isOfStorage(error)) return null;
    throw error;
  }
  return (await holdProject(id)) ?? (() => {});
}

/** What is to be saved, as it is at one moment. */
interface Moment {
  readonly opened: OpenedModel;
  readonly saving: Saving;
}

/** The project of the open model, and the way to the others. One save at a time. */
export class Projects {
  private open: OpenProject | null = null;
  private fresh: NewModel = { files: [], plan: null };
  private saving: Promise<unknown> = Promise.resolve();

  constructor(private readonly studio: () => Promise<Studio>) {}

  /** A model was opened: its project begins with the next save. One that nothing was done with is not kept. */
  async modelOpened(files: readonly ByteSource[], plan: LayersPlan | null): Promise<void> {
    this.fresh = { files, plan };
    await this.leave();
  }

  private async leave(): Promise<void> {
    const { open } = this;
    this.open = null;
    if (open) await this.letGo(open);
  }

  private letGo(open: OpenProject): Promise<void> {
    return this.inTurn(async () => {
      const { manifest, project } = open;
      const isUntouched = manifest !== null && manifest.states.length === 1 && manifest.steps.length === 1;
      if (isUntouched) await deleteProject(project.id);
      open.release();
    });
  }

  /** Saves follow one another, and other changes of the files wait for them. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.saving.then(work);
    this.saving = mine.catch(() => undefined);
    return mine;
  }

  /** What is saved is what there is at this moment, however long the saves before it take. */
  async save(page: string, kept: KeptStates): Promise<SavedMark> {
    const moment = await this.momentOf(page, kept);
    return this.inTurn(async () => {
      const open = await this.projectOf(moment.opened);
      open.manifest = await open.project.save(moment.saving);
      const { id, name } = open.project;
      return { id, name, saved: open.manifest.saved };
    });
  }

  private async momentOf(page: string, { states: numbers, now }: KeptStates): Promise<Moment> {
    const studio = await this.studio();
    const states = new Map<number, State>();
    for (const number of numbers) {
      const state = studio.state(number);
      if (state) states.set(number, state);
    }
    const work = states.get(now)?.work;
    if (!work) throw new Error(`internal: state ${now} is to be saved and is not kept.`);
    const steps = STEPS.filter((step: StepName) => work.snapshots[step] !== undefined);
    return { opened: work.opened, saving: { page, states, now, steps } };
  }

  private async projectOf(opened: OpenedModel): Promise<OpenProject> {
    if (this.open?.opened === opened) return this.open;
    const id = crypto.randomUUID();
    const release = (await holdProject(id)) ?? (() => {});
    try {
      const folder = await folderOf(id, true);
      const { files, plan } = this.fresh;
      const project = new Project(id, await freeName(opened.model.name), folder, opened, plan);
      project.files.addModelFiles(files);
      this.open = { project, opened, release, manifest: null };
      return this.open;
    } catch (error) {
      release();
      throw error;
    }
  }

  list(): Promise<ProjectsView> {
    return projectsView(this.open?.project.id ?? null);
  }

  /** Opens a project; one that another tab has open is copied. The open one stays where this one cannot be read. */
  async openProject(id: string): Promise<OpenedProject> {
    if (this.open?.project.id === id) {
      await this.saving;
      return this.take(id, this.open.release, null);
    }
    const held = await holdProject(id);
    if (held) return this.take(id, held, null);
    return this.openCopy(id);
  }

  /** A copy that cannot be opened is of no use to anybody. */
  private async openCopy(id: string): Promise<OpenedProject> {
    const { name } = await manifestOf(id);
    const copy = await copyProject(id, await freeName(`${name} (copy)`));
    try {
      return await this.take(copy, (await holdProject(copy)) ?? (() => {}), name);
    } catch (error) {
      await deleteProject(copy);
      throw error;
    }
  }

  private async take(id: string, release: () => void, copyOf: string | null): Promise<OpenedProject> {
    try {
      const manifest = await manifestOf(id);
      const { project, opened, states } = await Project.open(id, await folderOf(id), manifest);
      const { view, settings } = await this.restore(manifest, states);
      const before = this.open;
      this.open = { project, opened, release, manifest };
      if (before && before.project.id !== id) await this.letGo(before);
      const { name, page, saved } = manifest;
      return { id, name, view, settings, page, saved, copyOf };
    } catch (error) {
      if (this.open?.project.id !== id) release();
      throw error;
    }
  }

  private async restore({ name, now }: Manifest, states: ReadonlyMap<number, State>) {
    const state = states.get(now);
    if (!state) throw new FormatError(name, `lacks the state ${now}, its newest.`);
    const view = (await this.studio()).restore(states, now);
    return { view, settings: state.settings };
  }

  async rename(id: string, wanted: string): Promise<ProjectsView> {
    const name = checkName(wanted);
    await this.inTurn(async () => {
      await rename(id, name);
      if (this.open?.project.id === id) this.open.project.name = name;
    });
    return this.list();
  }

  async duplicate(id: string): Promise<ProjectsView> {
    await this.inTurn(async () => {
      const { name } = await manifestOf(id);
      await copyProject(id, await freeName(`${name} (copy)`));
    });
    return this.list();
  }

  async delete(id: string): Promise<ProjectsView> {
    if (this.open?.project.id === id) await this.close();
    await this.inTurn(() => deleteProject(id));
    return this.list();
  }

  async close(): Promise<StudioView> {
    await this.saving;
    await this.leave();
    return (await this.studio()).close();
  }

  /** The project as a file, also where the browser keeps nothing or has no more room: that is when a file is needed. */
  async pack(page: string, kept: KeptStates) {
    try {
      const { id } = await this.save(page, kept);
      return await packFolder(await folderOf(id));
    } catch (error) {
      if (!isOfStorage(error) || error instanceof LostFileError) throw error;
      const moment = await this.momentOf(page, kept);
      return this.inTurn(() => this.packInMemory(moment));
    }
  }

  private async packInMemory({ opened, saving }: Moment) {
    const isOpen = this.open?.opened === opened;
    const files = isOpen && this.open ? await this.open.project.files.modelFiles() : this.fresh.files;
    const name = isOpen && this.open ? this.open.project.name : opened.model.name;
    const plan = isOpen && this.open ? this.open.project.plan : this.fresh.plan;
    const folder = memoryFolder();
    const project = new Project('', name, folder, opened, plan);
    project.files.addModelFiles(files);
    await project.save(saving);
    return packFolder(folder);
  }

  /** A file whose results cannot be read leaves no project behind. */
  async unpack(file: File): Promise<OpenedProject> {
    const id = crypto.randomUUID();
    const release = await holdIfKept(id);
    if (release === null) return this.openUnkept(file);
    try {
      await unpackInto(await folderOf(id, true), file, freeName);
      release();
      return await this.openProject(id);
    } catch (error) {
      release();
      await deleteProject(id);
      throw error;
    }
  }

  /** Where the browser keeps no files, a project file opens all the same; the next save says that it is not kept. */
  private async openUnkept(file: File): Promise<OpenedProject> {
    const folder = memoryFolder();
    const manifest = await unpackInto(folder, file, async (name) => name);
    const { project, states } = await Project.open('', folder, manifest);
    const { view, settings } = await this.restore(manifest, states);
    await this.modelOpened(await project.files.modelFiles(), manifest.plan);
    const { name, page, saved } = manifest;
    return { id: '', name, view, settings, page, saved, copyOf: null };
  }
}
