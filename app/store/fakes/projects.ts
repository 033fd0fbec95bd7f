import type { Settings, StudioView } from '../../../src/index';
import type { Outcome } from '../../engine/api';
import type {
  KeptStates,
  OpenedProject,
  PageJson,
  ProjectRow,
  ProjectsApi,
  ProjectsView,
  SavedMark,
  StateGraphs,
} from '../../engine/projects/api';
import { FIRST_SETTINGS } from '../vocabulary';
import { failed, ok } from './outcomes';

const graphsOf = (view: StudioView | undefined): StateGraphs =>
  Object.fromEntries(Object.entries(view?.steps ?? {}).map(([step, { graph }]) => [step, graph]));

interface FakeProject extends ProjectRow {
  readonly view: StudioView;
  readonly settings: Settings;
  readonly page: PageJson;
}

/** Keeps states and projects in memory, for the store's tests. */
export abstract class FakeProjects implements ProjectsApi {
  /** What saving answers instead of doing it. */
  refuseSaving: string | null = null;
  readonly projects = new Map<string, FakeProject>();
  protected readonly states = new Map<number, StudioView>();
  /** What the work follows. */
  protected settings = FIRST_SETTINGS;
  protected openId: string | null = null;
  private count = 0;

  /** What the engine shows now. */
  protected abstract show(view: StudioView): void;
  protected abstract get shownView(): StudioView;

  /** A new state of the work. */
  protected numbered(view: StudioView): StudioView {
    const state = this.states.size + 1;
    const found = { ...view, state };
    this.states.set(state, found);
    return found;
  }

  async recall(state: number): Promise<Outcome<StudioView>> {
    const view = this.states.get(state);
    if (view === undefined) return failed('storage', `State ${state} is no longer kept.`);
    this.show(view);
    return ok(view);
  }
  keepStates = async () => undefined;
  async stateGraphs(states: readonly number[]): Promise<Outcome<ReadonlyMap<number, StateGraphs>>> {
    const known = states.filter((state) => this.states.has(state));
    return ok(new Map(known.map((state) => [state, graphsOf(this.states.get(state))])));
  }

  async saveProject(page: PageJson, { now }: KeptStates): Promise<Outcome<SavedMark>> {
    if (this.refuseSaving !== null) return failed('storage', this.refuseSaving);
    const view = this.states.get(now) ?? this.shownView;
    this.count += this.openId === null ? 1 : 0;
    const id = this.openId ?? `project-${this.count}`;
    this.openId = id;
    const model = view.model?.name ?? '';
    const name = this.projects.get(id)?.name ?? model;
    const row = { id, name, model, saved: 1, bytes: 10, steps: [], elsewhere: false };
    this.projects.set(id, { ...row, view, settings: this.settings, page });
    return ok({ id, name, saved: 1 });
  }
  async listProjects(): Promise<Outcome<ProjectsView>> {
    return ok({ projects: [...this.projects.values()], usage: 10, quota: 100 });
  }
  async openProject(id: string): Promise<Outcome<OpenedProject>> {
    const project = this.projects.get(id);
    if (project === undefined) return failed('storage', `There is no project ${id}.`);
    this.openId = id;
    this.show(project.view);
    const { name, view, settings, page, saved } = project;
    this.settings = settings;
    return ok({ id, name, view, settings, page, saved, copyOf: null });
  }
  async renameProject(id: string, name: string): Promise<Outcome<ProjectsView>> {
    const project = this.projects.get(id);
    if (project) this.projects.set(id, { ...project, name });
    return this.listProjects();
  }
  async duplicateProject(id: string): Promise<Outcome<ProjectsView>> {
    const project = this.projects.get(id);
    if (project) this.projects.set(`${id}-copy`, { ...project, id: `${id}-copy` });
    return this.listProjects();
  }
  async deleteProject(id: string): Promise<Outcome<ProjectsView>> {
    this.projects.delete(id);
    return this.listProjects();
  }
  async closeProject(): Promise<Outcome<StudioView>> {
    this.openId = null;
    const { shownView: view } = this;
    return ok({ ...view, state: 0, model: null, calibration: null, evaluation: null, steps: {} });
  }
  projectFile = async () => ok({ name: 'net.eqstudio', mime: 'application/zip', parts: [] });
  openProjectFile = async () => failed<OpenedProject>('storage', 'no project files here');
}
