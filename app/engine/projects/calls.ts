import type { Studio } from '../../../src/index';
import type { Outcome } from '../outcome';
import type { ProjectsApi } from './api';
import type { Projects } from './projects';
import { storageError } from './storageError';

/** How the engine runs a call: beside a job, as a job of its own, or as one that opens a model. */
export interface Calls {
  look<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
  change<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
  open<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
}

/** Gives the browser's own errors words. */
const worded =
  <T>(doing: string, work: () => Promise<T>) =>
  async (): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageError(error, doing);
    }
  };

/** Saves go on beside a step; what changes the open model waits its turn. */
export function projectCalls(projects: Projects, { look, change, open }: Calls): ProjectsApi {
  return {
    recall: (state) => change((studio) => studio.recall(state)),
    stateGraphs: (states) => look((studio) => studio.stateGraphs(states)),
    keepStates: async (states) => {
      await look((studio) => studio.keepStates(states));
    },
    saveProject: (page, kept) => look(worded('Not saved', () => projects.save(page, kept))),
    listProjects: () => look(worded('Projects', () => projects.list())),
    openProject: (id) => open(worded('The project was not opened', () => projects.openProject(id))),
    renameProject: (id, name) => look(worded('Not renamed', () => projects.rename(id, name))),
    duplicateProject: (id) => look(worded('Not duplicated', () => projects.duplicate(id))),
    deleteProject: (id) => change(worded('Not deleted', () => projects.delete(id))),
    closeProject: () => change(worded('Not closed', () => projects.close())),
    projectFile: (page, kept) => look(worded('No file was made', () => projects.pack(page, kept))),
    openProjectFile: (file) => open(worded(`${file.name} was not opened`, () => projects.unpack(file))),
  };
}
