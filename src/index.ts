export type { Change } from './graph/change';
export * from './pipeline/settings';
export * from './pipeline/views';
