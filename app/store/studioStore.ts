import { createStore } from 'zustand/vanilla';
import type { EngineApi } from '../engine/api';
import { createByHandJobs } from './byHandJobs';
import { createChoiceJobs } from './choiceJobs';
import { createCompare } from './compare/compareSlice';
import { createDataJobs } from './dataJobs';
import { createDocument } from './documentSlice';
import { createFileJobs } from './fileJobs';
import { createExportQuestion, createHelp } from './help/helpSlice';
import { createLayers } from './layersSlice';
import { createMarks } from './markSlice';
import { createMethodJobs } from './methodJobs';
import { createNotices } from './noticeSlice';
import { createPlayback } from './playback/playbackSlice';
import { createRun } from './runSlice';
import { createRuntimeJobs } from './runtimeJobs';
import type { SampleSource } from './samples';
import { createSession } from './sessionSlice';
import { createStepJobs } from './stepJobs';
import type { Studio, StudioStore } from './studio';

/** Builds the page's store over an engine and a source of samples; needs neither React nor a browser. */
export const createStudioStore = (engine: EngineApi, samples: SampleSource): StudioStore =>
  createStore<Studio>()((...store) => ({
    ...createDocument(...store),
    ...createSession(engine)(...store),
    ...createMarks(...store),
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
    ...createFileJobs(engine, samples)(...store),
    ...createDataJobs(engine)(...store),
  }));
