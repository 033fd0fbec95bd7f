import type { Job } from '../exec/job';

/** Progress of the core's own phases, told under the step's name. */
export const progressOf = (job: Job, phase: string) => (_: string, done: number, total: number) =>
  job.progress(phase, done, total);
