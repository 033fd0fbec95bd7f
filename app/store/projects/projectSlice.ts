import type { EngineApi, Outcome } from '../../engine/api';
import type { OpenedProject, ProjectsView } from '../../engine/projects/api';
import { isBeside } from '../selectors';
import type { Left, ProjectSlice, RunSlice, Slice, Studio } from '../studio';
import { createRecovery } from './recovery';
import { takeProject } from './restore';
import { pageOf, toJson } from './savedPage';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** What there is to save, in the form that the engine writes. */
export function savedForm(studio: Studio) {
  const { history, historyAt, view } = studio;
  const now = history[historyAt]?.state ?? view.state;
  return { page: toJson(pageOf(studio)), kept: { states: history.map(({ state }) => state), now } };
}

async function save(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const { view, history, backend, job } = get();
  if (view.model === null || history.length === 0) return;
  // An engine that is started again, or opens another model, does not hold what the page shows.
  if (backend === null || job?.step === 'load') return;
  const serial = get().modelSerial;
  const { page, kept } = savedForm(get());
  set({ saving: { kind: 'saving' } });
  const outcome = await engine.saveProject(page, kept);
  // Another model is open by now: what was saved is the one before.
  if (get().modelSerial !== serial) return;
  if (!outcome.ok) return set({ saving: { kind: 'failed', reason: outcome.error.message } });
  const { id, name, saved } = outcome.value;
  set({ project: { id, name }, saving: { kind: 'saved', time: saved } });
}

async function runInterrupted(get: Get, set: Set): Promise<void> {
  const { interrupted, settings } = get();
  if (interrupted === null) return;
  set({ interrupted: null });
  if (JSON.stringify(interrupted.settings) !== JSON.stringify(settings))
    await get().changeSettings(interrupted.settings);
  const { job } = interrupted;
  if (isBeside(job)) await get()[job]();
  else await get().run(job);
}

/** What the engine answered about the list of projects. */
function settleList(set: Set, get: Get, outcome: Outcome<ProjectsView>): void {
  if (outcome.ok) set({ projects: outcome.value });
  else get().report(outcome.error.message, { title: 'Projects', subject: 'engine' });
}

const opening = (
  set: Set,
  get: Get,
  phase: string,
  left: Left | null,
  ask: () => Promise<Outcome<OpenedProject>>,
) =>
  get().exclusively('load', phase, async () => {
    const outcome = await ask();
    if (!outcome.ok) return get().report(outcome.error.message, { title: phase, subject: 'load' });
    const { name, copyOf } = outcome.value;
    takeProject(set, get, outcome.value, left);
    get().announce(
      copyOf === null
        ? `Project ${name}: as it was left`
        : `“${copyOf}” is open in another tab: this is a copy, “${name}”`,
    );
  });

const nothingOpen = {
  project: null,
  saving: { kind: 'none' },
  interrupted: null,
  history: [],
  historyAt: 0,
} as const;

export const createProjects =
  (engine: EngineApi): Slice<ProjectSlice & Pick<RunSlice, 'crash'>> =>
  (set, get) => ({
    project: null,
    saving: { kind: 'none' },
    projects: null,
    projectsOpen: false,
    interrupted: null,

    save: () => save(engine, set, get),
    loadProjects: async () => settleList(set, get, await engine.listProjects()),
    showProjects: (projectsOpen) => {
      set({ projectsOpen });
      if (projectsOpen) void get().loadProjects();
    },
    openProject: (id, left) =>
      opening(set, get, 'Open the project', left ?? null, () => engine.openProject(id)),
    renameProject: async (id, name) => {
      const outcome = await engine.renameProject(id, name);
      settleList(set, get, outcome);
      if (outcome.ok && get().project?.id === id) set({ project: { id, name: name.trim() } });
    },
    duplicateProject: async (id) => settleList(set, get, await engine.duplicateProject(id)),
    deleteProject: async (id) => {
      if (get().project?.id === id) await get().closeProject();
      settleList(set, get, await engine.deleteProject(id));
    },
    closeProject: () =>
      get().exclusively('load', 'Close', async () => {
        await get().save();
        const outcome = await engine.closeProject();
        if (!outcome.ok) return get().report(outcome.error.message, { title: 'Close', subject: 'load' });
        set({ ...nothingOpen, view: outcome.value, sample: null, modelSerial: get().modelSerial + 1 });
        get().select(null);
        await get().loadProjects();
      }),
    saveProjectFile: async () => {
      const { page, kept } = savedForm(get());
      const outcome = await engine.projectFile(page, kept);
      if (outcome.ok) {
        get().announce(`Saved ${outcome.value.name}`);
        return outcome.value;
      }
      get().report(outcome.error.message, { title: 'Save project as file', subject: 'export' });
      return null;
    },
    openProjectFile: (file) =>
      opening(set, get, `Open ${file.name}`, null, () => engine.openProjectFile(file)),
    runInterrupted: () => runInterrupted(get, set),
    dismissInterrupted: () => set({ interrupted: null }),
    crash: createRecovery(engine, set, get),
  });
