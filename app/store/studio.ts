import type { StateCreator, StoreApi } from 'zustand/vanilla';
import type { ArrivalSlice } from './slices/arrivals';
import type { ByHandJobs, ChoiceJobs } from './slices/choices';
import type { CompareSlice } from './slices/compare';
import type { DocumentSlice } from './slices/document';
import type { DataJobs, FileJobs, LayersSlice, RuntimeJobs } from './slices/files';
import type { GraphLookSlice } from './slices/graphLook';
import type { ExportQuestionSlice, HelpSlice } from './slices/help';
import type { HistorySlice } from './slices/history';
import type { LayersTableSlice } from './slices/layersTable';
import type { MethodJobs } from './slices/methods';
import type { NoticeSlice } from './slices/notices';
import type { PlaybackSlice } from './slices/playback';
import type { PlotSlice } from './slices/plots';
import type { ProjectSlice } from './slices/projects';
import type { ReportJobs } from './slices/report';
import type { RunSlice, StepJobs } from './slices/run';
import type { MarkSlice, SessionSlice } from './slices/session';

/*
 * All that the page remembers, and the verbs that change it. Plain data: no tensors, no React Flow objects. Each part is
 * declared in `slices`.
 */

export type { DataPurpose } from '../../src/index';
export * from './slices/arrivals';
export * from './slices/choices';
export * from './slices/compare';
export * from './slices/document';
export * from './slices/files';
export * from './slices/graphLook';
export * from './slices/help';
export * from './slices/history';
export * from './slices/layersTable';
export * from './slices/methods';
export * from './slices/notices';
export * from './slices/playback';
export * from './slices/plots';
export * from './slices/projects';
export * from './slices/report';
export * from './slices/run';
export * from './slices/session';

export type Studio = DocumentSlice &
  SessionSlice &
  MarkSlice &
  GraphLookSlice &
  LayersTableSlice &
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
  ReportJobs &
  PlotSlice &
  FileJobs &
  DataJobs &
  HistorySlice &
  ArrivalSlice &
  ProjectSlice;
export type StudioStore = StoreApi<Studio>;
/** A part of the store, built over the whole of it. */
export type Slice<T> = StateCreator<Studio, [], [], T>;
