import type { ExportedFile, GraphView, Settings, StepName, StudioView } from '../../../src/index';
import type { Outcome } from '../outcome';

/** JSON that the page gave, to be checked by the page when it comes back. */
export type PageJson = string;

/** A project in the list of those that this browser keeps. */
export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Milliseconds since 1970, when it was saved last. */
  readonly saved: number;
  readonly bytes: number;
  /** Steps that have results, in their order. */
  readonly steps: readonly StepName[];
  /** Open in another tab of this browser. */
  readonly elsewhere: boolean;
}

export interface ProjectsView {
  /** Newest first. */
  readonly projects: readonly ProjectRow[];
  /** Bytes that this site uses, and may use, as the browser estimates them. */
  readonly usage: number;
  readonly quota: number;
}

/** A project as it was left. */
export interface OpenedProject {
  readonly id: string;
  readonly name: string;
  readonly view: StudioView;
  /** Those that the results follow. */
  readonly settings: Settings;
  readonly page: PageJson;
  readonly saved: number;
  /** The project that this one is a copy of, because another tab has it open; null otherwise. */
  readonly copyOf: string | null;
}

/** States of the open model by number: those to come back to, and the one of now among them. */
export interface KeptStates {
  readonly states: readonly number[];
  readonly now: number;
}

export interface SavedMark {
  readonly id: string;
  readonly name: string;
  readonly saved: number;
}

/** The graphs of a state, by step. */
export type StateGraphs = Readonly<Partial<Record<StepName, GraphView>>>;

/** States to come back to, and projects that outlast the page. */
export interface ProjectsApi {
  /** Goes to a state of the open model. */
  recall(state: number): Promise<Outcome<StudioView>>;
  /** The graphs of states of the open model, by number; without those that are no longer kept. */
  stateGraphs(states: readonly number[]): Promise<Outcome<ReadonlyMap<number, StateGraphs>>>;
  /** Lets go of all states of the open model but these. */
  keepStates(states: readonly number[]): Promise<void>;

  /**
   * Writes what has changed of the open model's work, and the page's own state beside it. Refused with a reason where the
   * browser keeps no files or has no room.
   */
  saveProject(page: PageJson, kept: KeptStates): Promise<Outcome<SavedMark>>;
  listProjects(): Promise<Outcome<ProjectsView>>;
  openProject(id: string): Promise<Outcome<OpenedProject>>;
  renameProject(id: string, name: string): Promise<Outcome<ProjectsView>>;
  duplicateProject(id: string): Promise<Outcome<ProjectsView>>;
  deleteProject(id: string): Promise<Outcome<ProjectsView>>;
  /** Closes the open model; its project stays. */
  closeProject(): Promise<Outcome<StudioView>>;
  /** The open project as one file, saved before. */
  projectFile(page: PageJson, kept: KeptStates): Promise<Outcome<ExportedFile>>;
  /** Takes a project file in as a new project and opens it. */
  openProjectFile(file: File): Promise<Outcome<OpenedProject>>;
}
