import { type Change, revertChange } from '../../graph/change';
import { GraphError } from '../../graph/errors';
import type { Model } from '../../graph/model';
import { fusions } from '../../quant/fuse/fuse';
import type { Semantics } from '../../quant/semantics';
import type { StepName } from '../settings';
import { done } from '../snapshotSteps';
import type { Snapshots } from '../snapshots';
import type { Form } from '../views';

/** A part of a step: one pass, the models around it and its changes. */
export interface Phase {
  readonly before: Model;
  readonly after: Model;
  readonly changes: readonly Change[];
}

/** The passes that a step is made of, one after the other. Passes of tensors do no work before they are read. */
export function phasesOf(
  snapshots: Snapshots,
  semantics: Semantics,
  step: StepName,
  form: Form,
): readonly Phase[] {
  switch (step) {
    case 'load':
      return [];
    case 'prepare':
      return preparePhases(snapshots, semantics);
    case 'calibrate':
      return [phase(done(snapshots, 'prepare').model, done(snapshots, 'calibrate'))];
    case 'equalize':
      return [phase(done(snapshots, 'calibrate').model, done(snapshots, 'equalize'))];
    case 'convert':
      return convertPhases(snapshots, form);
    default:
      return step satisfies never;
  }
}

interface Passed {
  readonly model: Model;
  readonly changes: readonly Change[];
}

const phase = (before: Model, { model, changes }: Passed): Phase => ({ before, after: model, changes });

/** Each pass begins with the model of the one before it. */
function inSequence(start: Model, passes: readonly Passed[]): readonly Phase[] {
  return passes.map((passed, i) => phase(passes[i - 1]?.model ?? start, passed));
}

/** Fusion forgets its models: it is done again, which makes the same. */
function preparePhases({ load, ...others }: Snapshots, semantics: Semantics): readonly Phase[] {
  const prepare = done({ load, ...others }, 'prepare');
  const fused = fusions<Model>(load.model, semantics);
  const known = fused.reduce((count, { changes }) => count + changes.length, 0);
  return inSequence(load.model, [...fused, { model: prepare.model, changes: prepare.changes.slice(known) }]);
}

function convertPhases(snapshots: Snapshots, form: Form): readonly Phase[] {
  const equalize = done(snapshots, 'equalize');
  const { reference, lowered } = done(snapshots, 'convert').forms;
  const first = phase(equalize.model, reference);
  if (form === 'reference' || lowered instanceof GraphError) return [first];
  const changes = lowered.changes.slice(reference.changes.length);
  return [first, ...apart({ before: reference.model, after: lowered.model, changes })];
}

/** Names change last. Until then the nodes of the finished graph go by their old ones. */
function apart(whole: Phase): readonly Phase[] {
  const last = whole.changes.at(-1);
  if (last?.kind !== 'rename') return [whole];
  const unnamed: Model = { ...whole.after, graph: revertChange(whole.after.graph, last) };
  return [
    { before: whole.before, after: unnamed, changes: whole.changes.slice(0, -1) },
    { before: unnamed, after: whole.after, changes: [last] },
  ];
}
