import type { Semantics } from '../../quant/semantics';
import type { StepName } from '../settings';
import type { Snapshots } from '../snapshots';
import type { Form } from '../views';
import { phasesOf } from './phases';
import type { Playback } from './playbackViews';
import { Replay } from './replay';

/** A step change by change, for the page to play. Throws a GraphError for a step that has not run, or has no changes. */
export function playbackOf(snapshots: Snapshots, semantics: Semantics, step: StepName, form: Form): Playback {
  const phases = phasesOf(snapshots, semantics, step, form);
  const [first] = phases;
  if (!first) return { step, form, start: [], deltas: [] };
  const replay = new Replay(first.before);
  return { step, form, start: replay.start, deltas: phases.flatMap((phase) => replay.play(phase)) };
}
