import type { StateCreator, StoreApi } from 'zustand/vanilla';
import type { ByHandJobs, ChoiceJobs } from './slices/choices';
import type { CompareSlice } from './slices/compare';
import type { DocumentSlice } from './slices/document';
import type { DataJobs, FileJobs, LayersSlice, RuntimeJobs } from './slices/files';
import type { ExportQuestionSlice, HelpSlice } from './slices/help';
import type { MethodJobs } from './slices/methods';
import type { NoticeSlice } from './slices/notices';
import type { PlaybackSlice } from './slices/playback';
import type { RunSlice, StepJobs } from './slices/run';
import type { MarkSlice, SessionSlice } from './slices/session';

/*
 * All that the page remembers, and the verbs that change it. Plain data: no tensors, no React Flow objects. Each part is
 * declared in `slices`.
 */

export type { DataPurpose } from '../../src/index';
export * from './slices/choices';
export * from './slices/compare';
export * from './slices/document';
export * from './slices/files';
export * from './slices/help';
export * from './slices/methods';
export * from './slices/notices';
export * from './slices/playback';
export * from './slices/run';
export * from './slices/session';

export type Studio = DocumentSlice &
  SessionSlice &
  MarkSlice &
  NoticeSlice &
  RunSlice &
  StepJobs &
  ChoiceJobs &
  ByHandJobs &
  MethodJobs &
  PlaybackSlice &
  CompareSlice &
  LayersSlice &
  HelpSlice &
  ExportQuestionSlice &
  RuntimeJobs &
  FileJobs &
  DataJobs;
export type StudioStore = StoreApi<Studio>;
/** A part of the store, built over the whole of it. */
export type Slice<T> = StateCreator<Studio, [], [], T>;
