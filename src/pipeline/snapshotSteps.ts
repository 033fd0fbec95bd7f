import { GraphError } from '../graph/errors';
import { STEPS, type StepName } from './settings';
import type { Snapshots } from './snapshots';

/** The snapshots up to a step; those behind it were made of its last one. */
export function keepThrough(snapshots: Snapshots, step: StepName): Snapshots {
  const kept = STEPS.slice(0, STEPS.indexOf(step) + 1).map((name) => [name, snapshots[name]] as const);
  return {
    load: snapshots.load,
    ...Object.fromEntries(kept.filter(([, snapshot]) => snapshot !== undefined)),
  };
}

/** A step that must have run before this one; `Studio.run` sees to it. */
export function done<S extends 'prepare' | 'calibrate' | 'equalize' | 'convert'>(
  snapshots: Snapshots,
  step: S,
): NonNullable<Snapshots[S]> {
  const snapshot = snapshots[step];
  if (!snapshot) throw new GraphError(`internal: '${step}' has not run.`);
  return snapshot;
}
