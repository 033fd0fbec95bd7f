import { breathe, type Job, PLAIN_JOB } from '../../exec/job';
import type { Semantics } from '../../quant/semantics';
import type { PathsOf } from '../modulePaths';
import type { StepName } from '../settings';
import type { Snapshots } from '../snapshots';
import type { Form } from '../views';
import { phasesOf } from './phases';
import type { NodeDelta, Playback } from './playbackViews';
import { Replay } from './replay';

export interface Played {
  readonly semantics: Semantics;
  readonly step: StepName;
  readonly form: Form;
}

/**
 * A step change by change, for the page to play. Reports `Playback` progress by change. Throws a GraphError for a step
 * that has not run, and the signal's reason when cancelled.
 */
export async function playbackOf(
  snapshots: Snapshots,
  { semantics, step, form }: Played,
  pathsOf: PathsOf,
  job: Job = PLAIN_JOB,
): Promise<Playback> {
  const phases = phasesOf(snapshots, semantics, step, form);
  const [first] = phases;
  if (!first) return { step, form, start: [], deltas: [] };
  const total = phases.reduce((count, { changes }) => count + changes.length, 0);
  const deltas: (readonly NodeDelta[])[] = [];
  const replay = new Replay(first.before, pathsOf);
  for (const phase of phases) {
    job.progress('Playback', deltas.length, total);
    await breathe(job);
    for (const delta of replay.play(phase)) {
      deltas.push(delta);
      job.progress('Playback', deltas.length, total);
      await breathe(job);
    }
  }
  return { step, form, start: replay.start, deltas };
}
