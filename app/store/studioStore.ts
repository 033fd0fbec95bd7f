import { createStore } from 'zustand/vanilla';
import type { EngineApi } from '../engine/api';
import { createByHandJobs } from './byHandJobs';
import { createChoiceJobs } from './choiceJobs';
import { createCompare } from './compare/compareSlice';
import { createDataJobs } from './dataJobs';
import { createDocument } from './documentSlice';
import { createFileJobs } from './fileJobs';
import { createGraphLook } from './groups/graphLookSlice';
import { createExportQuestion, createHelp } from './help/helpSlice';
import { createHistory } from './history/historySlice';
import { keepHistory } from './history/keepHistory';
import { createLayers } from './layersSlice';
import { createLayersTable } from './layersTable/layersTableSlice';
import { createMarks } from './markSlice';
import { createMethodJobs } from './methodJobs';
import { createNotices } from './noticeSlice';
import { createPlayback } from './playback/playbackSlice';
import { createPlots } from './plots/plotSlice';
import { type ArrivalShelf, createArrivals, NO_SHELF } from './projects/arrivals';
import { createProjects } from './projects/projectSlice';
import { createReportJobs } from './reportJobs';
import { createRun } from './runSlice';
import { createRuntimeJobs } from './runtimeJobs';
import type { SampleSource } from './samples';
import { createSession } from './sessionSlice';
import { createStepJobs } from './stepJobs';
import type { Studio, StudioStore } from './studio';

/** Builds the page's store over an engine and a source of samples; needs neither React nor a browser. */
export function createStudioStore(
  engine: EngineApi,
  samples: SampleSource,
  shelf: ArrivalShelf = NO_SHELF,
): StudioStore {
  const studio = createStore<Studio>()((...store) => ({
    ...createDocument(...store),
    ...createSession(engine)(...store),
    ...createMarks(...store),
    ...createGraphLook(...store),
    ...createLayersTable(...store),
    ...createNotices(...store),
    ...createRun(engine)(...store),
    ...createStepJobs(engine)(...store),
    ...createChoiceJobs(...store),
    ...createByHandJobs(...store),
    ...createMethodJobs(engine)(...store),
    ...createCompare(...store),
    ...createPlayback(engine)(...store),
    ...createLayers(engine)(...store),
    ...createHelp(...store),
    ...createExportQuestion(...store),
    ...createRuntimeJobs(engine)(...store),
    ...createReportJobs(engine)(...store),
    ...createPlots(engine)(...store),
    ...createFileJobs(engine, samples)(...store),
    ...createDataJobs(engine)(...store),
    ...createHistory(engine)(...store),
    ...createProjects(engine)(...store),
    ...createArrivals(shelf)(...store),
  }));
  keepHistory(studio, engine);
  return studio;
}
