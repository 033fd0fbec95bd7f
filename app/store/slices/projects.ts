import type { ExportedFile, Form, Settings, StepName } from '../../../src/index';
import type { ProjectsView } from '../../engine/projects/api';
import type { BesideJob } from '../vocabulary';
import type { CompareSlice } from './compare';
import type { GraphLookSlice } from './graphLook';
import type { HelpSlice } from './help';
import type { LayersTableSlice } from './layersTable';
import type { MethodJobs } from './methods';
import type { PlaybackSlice } from './playback';
import type { PlotSlice } from './plots';
import type { MarkSlice, SessionSlice } from './session';

export type Saving =
  /** Nothing is open, or nothing was saved yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'saving' }
  /** Milliseconds since 1970. */
  | { readonly kind: 'saved'; readonly time: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** A job that ended with the page or the engine: one click runs it again. */
export interface Interrupted {
  readonly job: StepName | BesideJob;
  /** What it ran on. */
  readonly settings: Settings;
}

/** A step in the middle of being played. It counts as long as the step has as many changes as it had. */
export interface PlayedTo {
  readonly step: StepName;
  readonly form: Form;
  readonly position: number;
  readonly changes: number;
}

/** What of the place the store holds as it is saved. */
export type PlaceFields = Pick<
  SessionSlice,
  'shown' | 'form' | 'mode' | 'tab' | 'inspectorOpen' | 'lowerOpen' | 'painted' | 'selected'
> &
  Pick<MarkSlice, 'marked'> &
  Pick<MethodJobs, 'methodsView'> &
  Pick<HelpSlice, 'outlineOpen'> &
  Pick<GraphLookSlice, 'minimap' | 'columns' | 'groupsToggled' | 'pathFocus'> &
  Pick<CompareSlice, 'left' | 'right' | 'differenceKind'> &
  Pick<LayersTableSlice, 'layerFilter'> &
  Pick<PlaybackSlice, 'speed'> &
  Pick<PlotSlice, 'plotKind' | 'plotLogs' | 'plotSort' | 'plotsTall' | 'tensor'>;

/** Where the user is in a project. */
export interface Place extends PlaceFields {
  readonly playedTo: PlayedTo | null;
}

/** Where the user was when the page went. */
export interface Left {
  readonly id: string;
  /** The project's name; empty where a page before this one did not write it. */
  readonly name: string;
  readonly place: Place;
  readonly interrupted: Interrupted | null;
}

/** The open model's place among the projects that this browser keeps. */
export interface ProjectSlice {
  readonly project: { readonly id: string; readonly name: string } | null;
  readonly saving: Saving;
  /** Something has changed that no save under way or done has: it will be saved in a moment. */
  readonly unsaved: boolean;
  /** The state that was saved as a file last; null when none was. */
  readonly inFile: number | null;
  /** All that are kept; null until they are asked for. */
  readonly projects: ProjectsView | null;
  readonly projectsOpen: boolean;
  readonly interrupted: Interrupted | null;
  /** The name of the project that the page comes back to, until it is there or refused; null where there is none. */
  readonly returning: string | null;

  /** Announces the project of this tab, which is opened as soon as the engine has started. */
  comeBack(left: Left): void;
  /** Writes what has changed. */
  save(): Promise<void>;
  /**
   * Writes what has changed of the open model before another one takes its place. False, with an alert, where it cannot be
   * written; asked once more for the same work, it lets the work go.
   */
  saveBeforeLeaving(): Promise<boolean>;
  loadProjects(): Promise<void>;
  showProjects(open: boolean): void;
  /** `left` is where this tab was in it, if it knows. */
  openProject(id: string, left?: Left): Promise<void>;
  renameProject(id: string, name: string): Promise<void>;
  duplicateProject(id: string): Promise<void>;
  deleteProject(id: string): Promise<void>;
  /** Closes the model; its project stays. */
  closeProject(): Promise<void>;
  /** The open project as a file to keep; null (and an alert) when it cannot be made. */
  saveProjectFile(): Promise<ExportedFile | null>;
  openProjectFile(file: File): Promise<void>;
  runInterrupted(): Promise<void>;
  dismissInterrupted(): void;
}
