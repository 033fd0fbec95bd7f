import { createStore, type StateCreator, type StoreApi } from 'zustand/vanilla';
import type { EngineApi } from '../engine/api';
import { createDocument, type DocumentSlice } from './documentSlice';
import { createFileJobs, type FileJobs } from './fileJobs';
import { createRun, type RunSlice } from './runSlice';
import type { SampleSource } from './samples';
import { createSession, type SessionSlice } from './sessionSlice';
import { createStepJobs, type StepJobs } from './stepJobs';

/** All that the page remembers: plain data, and the verbs that change it. */
export type Studio = DocumentSlice & SessionSlice & RunSlice & StepJobs & FileJobs;
export type StudioStore = StoreApi<Studio>;
/** A part of the store, built over the whole of it. */
export type Slice<T> = StateCreator<Studio, [], [], T>;

/** Builds the page's store over an engine and a source of samples; needs neither React nor a browser. */
export const createStudioStore = (engine: EngineApi, samples: SampleSource): StudioStore =>
  createStore<Studio>()((...store) => ({
    ...createDocument(...store),
    ...createSession(engine)(...store),
    ...createRun(engine)(...store),
    ...createStepJobs(engine)(...store),
    ...createFileJobs(engine, samples)(...store),
  }));
