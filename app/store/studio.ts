import type { StateCreator, StoreApi } from 'zustand/vanilla';
import type {
  BackendView,
  DataOptions,
  DataPurpose,
  ExportedFile,
  ExportKind,
  Form,
  GeneratedSettings,
  ImagePreview,
  ImageSettings,
  LayersPlan,
  LayersProposalView,
  MethodName,
  NodeDetails,
  PlanCheck,
  ScaleEdit,
  Settings,
  StepName,
  StudioView,
} from '../../src/index';
import type { BackendChoice } from '../engine/api';
import type { Advised, Compared } from './findings';
import type { FinishedRun } from './finishedRuns';
import type { IncompleteModel } from './incomplete';
import type { Sample } from './samples';
import type { BesideJob, EqualizationChoice, LayerMethodChoice, LayerQConfigChoice } from './vocabulary';

/*
 * All that the page remembers, and the verbs that change it. Plain data: no tensors, no React Flow objects.
 */

/** The work itself: what the user chose, and what the engine made of it. */
export interface DocumentSlice {
  readonly settings: Settings;
  readonly view: StudioView;
  /** Counts opened models, to tell a new model from a new step of the same one. */
  readonly modelSerial: number;
  /** The sample that is open; null for a model of the user's own. */
  readonly sample: string | null;
  /** Runs of this model that went through to Convert, oldest first: for comparing semantics and qconfigs. */
  readonly runs: readonly FinishedRun[];
}

export type ViewMode = 'single' | 'compare';

export const TABS = ['layers', 'text', 'results', 'methods', 'runtime', 'log'] as const;

export type Tab = (typeof TABS)[number];

/** What the user looks at. The colour scheme is Mantine's, which stores it. */
export interface SessionSlice {
  readonly shown: StepName;
  /** Which of convert's two graphs `view` holds; the reference form stands in where there is no lowered one. */
  readonly form: Form;
  readonly mode: ViewMode;
  readonly tab: Tab;
  /** In a narrow window the inspector lies over the graph, and can be put away. */
  readonly inspectorOpen: boolean;
  readonly lowerOpen: boolean;
  /** Layers wear the colour of what equalization gained them, once Convert has measured it. */
  readonly painted: boolean;
  readonly selected: string | null;
  /** The node that the graph was last asked to centre; the serial tells two requests for one node apart. */
  readonly centred: { readonly node: string; readonly serial: number } | null;
  /** The selected node at the shown step; null while it is fetched or when the step does not hold it. */
  readonly details: NodeDetails | null;
  readonly detailsError: string | null;

  showStep(step: StepName): void;
  setForm(form: Form): void;
  setMode(mode: ViewMode): void;
  /** Shows a tab, and the lower panel with it. */
  setTab(tab: Tab): void;
  openInspector(open: boolean): void;
  openLower(open: boolean): void;
  paint(on: boolean): void;
  select(node: string | null): void;
  /** Selects a node and brings it to the middle of the graph. */
  goTo(node: string): void;
  /** Asks the engine about the selected node again; the page calls it when steps have changed. */
  refreshDetails(): Promise<void>;
}

/** Rows of the layers table that are marked, for choices over several layers at once. */
export interface MarkSlice {
  readonly marked: readonly string[];
  /** Where a range begins: the row that was marked or unmarked last. */
  readonly anchor: string | null;

  /** Marks one row alone, turns its mark on or off, or adds all rows from the anchor to it. */
  mark(layer: string, how: 'only' | 'toggle' | 'range'): void;
  /** Marks these and no others. */
  markAll(layers: readonly string[]): void;
}

export type JobOwner = StepName | BesideJob | null;

/** The work under way. `total` is 0 until the engine has said how much there is. */
export interface JobState {
  /** The step whose row runs, or a job beside the steps; null for other work, such as reading data. */
  readonly step: JobOwner;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** The user wants it to end: no further step may start. */
  readonly cancelling: boolean;
}

export interface LogEntry {
  readonly serial: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** What an alert is about: it goes away once that has been put right. */
export type Subject = StepName | BesideJob | DataPurpose | 'data' | 'settings' | 'export' | 'engine';

export interface AlertEntry {
  readonly serial: number;
  /** Names the file or the step at fault. */
  readonly title: string | null;
  readonly text: string;
  readonly subject: Subject | null;
}

/** What the page tells its user. */
export interface NoticeSlice {
  /** The newest errors that stand, oldest first. */
  readonly alerts: readonly AlertEntry[];
  readonly log: readonly LogEntry[];
  /** The last result, one line. */
  readonly status: string;

  /** Only logs. */
  note(text: string): void;
  /** Says a result in the status line and the log. */
  announce(text: string): void;
  /** Shows an error until it is dismissed or its subject is settled, and logs it. */
  report(text: string, about?: { readonly title?: string; readonly subject?: Subject }): void;
  dismiss(serial: number): void;
  /** Takes away the alerts about these. */
  settle(...subjects: readonly Subject[]): void;
}

export interface StepFailure {
  readonly message: string;
  /** The node at fault, where there is one. */
  readonly node: string | null;
}

/** What runs, and what came of it. */
export interface RunSlice {
  readonly backend: BackendView | null;
  readonly job: JobState | null;
  /** Why a step's last run failed, until it is run again or the settings change. */
  readonly failures: Readonly<Partial<Record<StepName, StepFailure>>>;

  start(backend: BackendChoice): Promise<void>;
  /**
   * Runs one job at a time: the opening of files waits for that of other files, anything else is refused with an
   * alert. An exception becomes an alert too.
   */
  exclusively(step: JobOwner, phase: string, work: () => Promise<void>): Promise<void>;
  /** The engine's worker has died: calls under way will never answer. */
  crash(reason: string): void;
}

/** The verbs of the pipeline: run, cancel, settings, export. */
export interface StepJobs {
  /** Runs those before the step that are missing, then the step; shows each as it is done. */
  run(step: StepName): Promise<void>;
  cancel(): Promise<void>;
  /**
   * Changes settings; the engine forgets the steps that they touch. Refused settings are put back. `what` says in the
   * status line what was done.
   */
  changeSettings(patch: Partial<Settings>, what?: string): Promise<void>;
  /**
   * Changes settings and runs again up to the last step that was done, so that its figures follow at once. The old
   * results stay in sight until the new ones are there.
   */
  redo(patch: Partial<Settings>, what: string): Promise<void>;
  /** The file to download for the shown step; null (and an alert) when it cannot be made. */
  exportFile(kind: ExportKind): Promise<ExportedFile | null>;
  /** Takes over what the engine says of the work, and keeps looking at `shown` or the last step before it. */
  adopt(view: StudioView, shown: StepName): void;
}

/** The verbs for choices by name and by type; `global` takes a choice back. */
export interface ChoiceJobs {
  /** Takes layers into equalization or out of it; the steps that this touches wait, or run again at once. */
  equalizeLayers(layers: readonly string[], choice: EqualizationChoice, then?: Then): Promise<void>;
  equalizeType(type: string, choice: EqualizationChoice): Promise<void>;
  /** What counts for layers that neither a name nor a type decides. */
  equalizeOthers(on: boolean): Promise<void>;
  /** Equalizes those layers alone whose int8 output is furthest from float, and says which. */
  equalizeLowest(count: number): Promise<void>;
  chooseQConfig(layers: readonly string[], choice: LayerQConfigChoice): Promise<void>;
  chooseTypeQConfig(type: string, choice: LayerQConfigChoice): Promise<void>;
}

/** What becomes of steps that a choice touches. */
export type Then = 'wait' | 'again';

/** The verbs for what the user decides for single layers: methods and scales. */
export interface ByHandJobs {
  /** Gives layers a method of their own. Layers of one region follow one method: the newest choice. */
  chooseMethod(layers: readonly string[], choice: LayerMethodChoice, then?: Then): Promise<void>;
  /** Sets scales of a layer by column and runs again. */
  setScales(layer: string, scales: Readonly<Record<number, number>>): Promise<void>;
  /** Takes scales back, wherever they were set, and runs again. */
  takeBackScales(edits: readonly ScaleEdit[]): Promise<void>;
}

export const METHODS_VIEWS = ['comparison', 'layers', 'advice'] as const;
export type MethodsView = (typeof METHODS_VIEWS)[number];

/** Methods compared and advice for layers. Neither changes a step; both stay when settings or data change. */
export interface MethodJobs {
  readonly compared: Compared | null;
  readonly advice: Advised | null;
  /** What the tab Methods shows. */
  readonly methodsView: MethodsView;

  setMethodsView(view: MethodsView): void;
  /** Runs every method on the open model. */
  compareMethods(): Promise<void>;
  /** Measures what equalization would gain each layer. */
  advise(): Promise<void>;
  /** Chooses a row of the comparison; where nothing is equalized now, for the layers that it was made for. */
  useMethod(name: MethodName): Promise<void>;
  /** Equalizes by search what gains by it, and leaves the other layers out. */
  applyAdvice(): Promise<void>;
}

export type { DataPurpose };

/** The verbs for samples, and what the forms about them show. */
export interface DataJobs {
  /** What the forms begin with; null until they are opened, and again when the data has changed. */
  readonly dataOptions: DataOptions | null;
  /** Images were refused that other settings may fit. */
  readonly imagesWait: boolean;
  /** The first images as the model sees them. */
  readonly previews: readonly ImagePreview[];

  openData(purpose: DataPurpose, files: readonly File[]): Promise<void>;
  /** Makes calibration data up, for a first look. */
  generateData(settings: GeneratedSettings): Promise<void>;
  /** The same with the settings that the engine proposes for the model. */
  firstLook(): Promise<void>;
  /** Reads the images that are open again with other settings. */
  changeImages(settings: ImageSettings): Promise<void>;
  loadDataOptions(): Promise<void>;
}
/** The check of the exports in ONNX Runtime; what came of it is `view.onnxRuntime`. */
export interface RuntimeJobs {
  checkRuntime(): Promise<void>;
}

/** The verbs that bring files in. */
export interface FileJobs {
  /** What the gallery offers; null until the list is there. */
  readonly samples: readonly Sample[] | null;

  /** Data dropped before any model: opened after the model. */
  readonly pending: readonly File[];
  /** A model whose data files are awaited: with them it opens. */
  readonly incomplete: IncompleteModel | null;

  loadSamples(): Promise<void>;
  /** Opens a sample with its data; an unknown ID is an alert that lists those that exist. */
  openSample(id: string): Promise<void>;
  /** Opens the model among the files, or the one that waits for them. */
  openModel(files: readonly File[]): Promise<void>;
  /** Files dropped on the window, sorted by their extensions: the model first, then data, one file at a time. */
  openDropped(files: readonly File[]): Promise<void>;
}

/** Layers that are being put together from weights without a graph. */
export interface AssistantState {
  readonly proposal: LayersProposalView;
  readonly plan: LayersPlan;
  readonly check: PlanCheck;
  /** The shape of a sample as it is typed. */
  readonly input: string;
  /** Put away, it keeps what was chosen. */
  readonly open: boolean;
  /** Why no model could be made; null while nothing is wrong. */
  readonly error: string | null;
}

export interface LayersSlice {
  readonly assistant: AssistantState | null;

  proposeLayers(proposal: LayersProposalView): void;
  /** Changes the plan and asks how its layers fit. */
  changePlan(patch: Partial<LayersPlan>): Promise<void>;
  changeInput(text: string): Promise<void>;
  showLayers(open: boolean): void;
  /** Opens the model that the plan makes. */
  buildLayers(): Promise<void>;
}

export type Studio = DocumentSlice &
  SessionSlice &
  MarkSlice &
  NoticeSlice &
  RunSlice &
  StepJobs &
  ChoiceJobs &
  ByHandJobs &
  MethodJobs &
  LayersSlice &
  RuntimeJobs &
  FileJobs &
  DataJobs;
export type StudioStore = StoreApi<Studio>;
/** A part of the store, built over the whole of it. */
export type Slice<T> = StateCreator<Studio, [], [], T>;
