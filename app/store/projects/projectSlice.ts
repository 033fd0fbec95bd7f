import type { EngineApi, Outcome } from '../../engine/api';
import type { OpenedProject, ProjectsView } from '../../engine/projects/api';
import { isBeside } from '../selectors';
import type { Left, ProjectSlice, RunSlice, Slice, Studio } from '../studio';
import { createRecovery } from './recovery';
import { bringRunGraphs, takeProject } from './restore';
import { createSaveBeforeLeaving, save, savedForm } from './saving';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

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
  engine: EngineApi,
  set: Set,
  get: Get,
  phase: string,
  left: Left | null,
  ask: () => Promise<Outcome<OpenedProject>>,
) =>
  get().exclusively('load', phase, async () => {
    if (!(await get().saveBeforeLeaving())) return;
    const outcome = await ask();
    if (!outcome.ok) return get().report(outcome.error.message, { title: phase, subject: 'load' });
    const { name, copyOf } = outcome.value;
    takeProject(set, get, outcome.value, left);
    await bringRunGraphs(engine, set, get);
    get().announce(
      copyOf === null
        ? `Project ${name}: as it was left`
        : `“${copyOf}” is open in another tab: this is a copy, “${name}”`,
    );
  });

const nothingOpen = {
  project: null,
  saving: { kind: 'none' },
  unsaved: false,
  inFile: null,
  interrupted: null,
  history: [],
  historyAt: 0,
} as const;

export const createProjects =
  (engine: EngineApi): Slice<ProjectSlice & Pick<RunSlice, 'crash'>> =>
  (set, get) => ({
    project: null,
    saving: { kind: 'none' },
    unsaved: false,
    inFile: null,
    projects: null,
    projectsOpen: false,
    interrupted: null,
    returning: null,

    comeBack: ({ name }) => set({ returning: name }),
    save: () => save(engine, set, get),
    saveBeforeLeaving: createSaveBeforeLeaving(engine, set, get),
    loadProjects: async () => settleList(set, get, await engine.listProjects()),
    showProjects: (projectsOpen) => {
      set({ projectsOpen });
      if (projectsOpen) void get().loadProjects();
    },
    openProject: async (id, left) => {
      await opening(engine, set, get, 'Open the project', left ?? null, () => engine.openProject(id));
      set({ returning: null });
    },
    renameProject: async (id, name) => {
      const outcome = await engine.renameProject(id, name);
      settleList(set, get, outcome);
      if (outcome.ok && get().project?.id === id) set({ project: { id, name: name.trim() } });
    },
    duplicateProject: async (id) => settleList(set, get, await engine.duplicateProject(id)),
    deleteProject: async (id) => {
      if (get().project?.id === id) await get().closeProject();
      settleList(set, get, await engine.deleteProject(id));
      // There may be room now.
      if (get().saving.kind === 'failed') await get().save();
    },
    closeProject: () =>
      get().exclusively('load', 'Close', async () => {
        if (!(await get().saveBeforeLeaving())) return;
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
        set({ inFile: get().view.state });
        get().announce(`Saved ${outcome.value.name}`);
        return outcome.value;
      }
      get().report(outcome.error.message, { title: 'Save project as file', subject: 'export' });
      return null;
    },
    openProjectFile: (file) =>
      opening(engine, set, get, `Open ${file.name}`, null, () => engine.openProjectFile(file)),
    runInterrupted: () => runInterrupted(get, set),
    dismissInterrupted: () => set({ interrupted: null }),
    crash: createRecovery(engine, set, get),
  });
