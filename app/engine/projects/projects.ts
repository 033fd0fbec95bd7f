import type { LayersPlan, OpenedModel, State, StepName, Studio, StudioView } from '../../../src/index';
import { FormatError, STEPS } from '../../../src/index';
import type { KeptStates, OpenedProject, ProjectsView, SavedMark } from './api';
import { holdProject } from './locks';
import type { Manifest } from './manifest';
import { Project } from './project';
import {
  checkName,
  copyProject,
  deleteProject,
  folderOf,
  freeName,
  manifestOf,
  packProject,
  projectsView,
  rename,
  unpackProject,
} from './shelf';

interface OpenProject {
  readonly project: Project;
  readonly opened: OpenedModel;
  readonly release: () => void;
  /** What was saved last. */
  manifest: Manifest | null;
}

/** A model that is open and not saved yet. */
interface NewModel {
  readonly files: readonly File[];
  readonly plan: LayersPlan | null;
}

/** The project of the open model, and the way to the others. One save at a time. */
export class Projects {
  private open: OpenProject | null = null;
  private fresh: NewModel = { files: [], plan: null };
  private saving: Promise<unknown> = Promise.resolve();

  constructor(private readonly studio: () => Promise<Studio>) {}

  /** A model was opened: its project begins with the next save. One that nothing was done with is not kept. */
  async modelOpened(files: readonly File[], plan: LayersPlan | null): Promise<void> {
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
  async save(page: string, { states, now }: KeptStates): Promise<SavedMark> {
    const studio = await this.studio();
    const found = new Map<number, State>();
    for (const number of states) {
      const state = studio.state(number);
      if (state) found.set(number, state);
    }
    const current = found.get(now);
    if (!current) throw new Error(`internal: state ${now} is to be saved and is not kept.`);
    return this.inTurn(() => this.saveStates(page, found, now, current));
  }

  private async saveStates(
    page: string,
    states: ReadonlyMap<number, State>,
    now: number,
    current: State,
  ): Promise<SavedMark> {
    const open = await this.projectOf(current.work.opened);
    const steps = STEPS.filter((step: StepName) => current.work.snapshots[step] !== undefined);
    open.manifest = await open.project.save({ page, states, now, steps });
    const { id, name } = open.project;
    return { id, name, saved: open.manifest.saved };
  }

  private async projectOf(opened: OpenedModel): Promise<OpenProject> {
    if (this.open?.opened === opened) return this.open;
    const id = crypto.randomUUID();
    const folder = await folderOf(id, true);
    const { files, plan } = this.fresh;
    const project = new Project(id, await freeName(opened.model.name), folder, opened, plan);
    project.addModelFiles(files);
    this.open = { project, opened, release: (await holdProject(id)) ?? (() => {}), manifest: null };
    return this.open;
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
    const { name } = await manifestOf(id);
    const copy = await copyProject(id, await freeName(`${name} (copy)`));
    return this.take(copy, (await holdProject(copy)) ?? (() => {}), name);
  }

  private async take(id: string, release: () => void, copyOf: string | null): Promise<OpenedProject> {
    try {
      const studio = await this.studio();
      const manifest = await manifestOf(id);
      const { project, states } = await Project.open(id, await folderOf(id), manifest);
      const opened = states.get(manifest.now)?.work.opened;
      if (!opened) throw new FormatError(manifest.name, `lacks the state ${manifest.now}, its newest.`);
      const view = studio.restore(states, manifest.now);
      const before = this.open;
      this.open = { project, opened, release, manifest };
      if (before && before.project.id !== id) await this.letGo(before);
      const { name, page, saved } = manifest;
      return { id, name, view, page, saved, copyOf };
    } catch (error) {
      if (this.open?.project.id !== id) release();
      throw error;
    }
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

  async pack(page: string, kept: KeptStates) {
    const { id } = await this.save(page, kept);
    const { name, parts } = await packProject(id);
    return { name: `${name}.eqstudio`, mime: 'application/zip', parts };
  }

  /** A file whose results cannot be read leaves no project behind. */
  async unpack(file: File): Promise<OpenedProject> {
    const id = await unpackProject(file);
    try {
      return await this.openProject(id);
    } catch (error) {
      await deleteProject(id);
      throw error;
    }
  }
}
