import type { Change } from '../../graph/change';
import { GraphError } from '../../graph/errors';
import { printNode } from '../../graph/print';
import { isObserved } from '../nodeDetail';
import type { Settings, StepName } from '../settings';
import { done } from '../snapshotSteps';
import type { Snapshots } from '../snapshots';
import type { Form } from '../views';
import { EqualizeContext } from './equalizeContext';
import { explainObserved } from './explainCalibrate';
import { explainGridNode, explainPacked, explainQuantized, explainReference } from './explainConvert';
import { explainInserted, explainRescaled } from './explainEqualize';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { explainFusion, explainObserver } from './explainPrepare';
import { movedWords, removedWords, renamedWords, rewiredWords } from './graphWords';
import { type Phase, phasesOf } from './phases';
import type { Explanation } from './playbackViews';

export interface Question {
  readonly step: StepName;
  readonly form: Form;
  /** From 0 on, as the step's view lists them. */
  readonly change: number;
  /** The column, row or channel to show; null for the most telling one. */
  readonly part: number | null;
}

/** Answers why a change was made. What the changes of a step share is looked up once for each snapshot. */
export class Explainer {
  private readonly phases = new WeakMap<object, Map<Form, readonly Phase[]>>();
  private readonly equalizing = new WeakMap<object, EqualizeContext>();

  /** Throws a GraphError for a step that has not run, and for a change that it does not have. */
  explain(snapshots: Snapshots, settings: Settings, question: Question): Explanation {
    const { step, form, change: number, part } = question;
    let first = 0;
    for (const phase of this.phasesOf(snapshots, settings, step, form)) {
      const change = phase.changes[number - first];
      if (change) {
        const place = { snapshots, settings, step, phase, number: number - first, part };
        return { ...explained(change, place, () => this.contextOf(place)), lines: linesOf(change) };
      }
      first += phase.changes.length;
    }
    throw new GraphError(`'${step}' has ${first} changes; there is no change ${number + 1}.`);
  }

  private phasesOf(
    snapshots: Snapshots,
    { semantics }: Settings,
    step: StepName,
    form: Form,
  ): readonly Phase[] {
    const snapshot = snapshots[step] ?? snapshots.load;
    const forms = this.phases.get(snapshot) ?? new Map<Form, readonly Phase[]>();
    const phases = forms.get(form) ?? phasesOf(snapshots, semantics, step, form);
    forms.set(form, phases);
    this.phases.set(snapshot, forms);
    return phases;
  }

  private contextOf({ snapshots, settings, phase }: Place): EqualizeContext {
    const snapshot = done(snapshots, 'equalize');
    const { model } = done(snapshots, 'calibrate');
    const known = this.equalizing.get(snapshot) ?? new EqualizeContext(phase, model, snapshot, settings);
    this.equalizing.set(snapshot, known);
    return known;
  }
}

interface Place {
  readonly snapshots: Snapshots;
  readonly settings: Settings;
  readonly step: StepName;
  readonly phase: Phase;
  /** Of the change in its phase. */
  readonly number: number;
  readonly part: number | null;
}

function explained(change: Change, place: Place, equalizing: () => EqualizeContext): Explained {
  switch (change.kind) {
    case 'insert':
      return inserted(change, place, equalizing);
    case 'rescale':
      return rescaled(change, place, equalizing);
    case 'remove':
      return { ...NOTHING, why: removedWords(place.phase, change) };
    case 'rewire':
      return { ...NOTHING, why: rewiredWords(place.phase, change) };
    case 'move':
      return { ...NOTHING, why: movedWords(change) };
    case 'rename':
      return { ...NOTHING, why: renamedWords(change) };
    default:
      return change satisfies never;
  }
}

function inserted(
  change: ChangeOfKind<'insert'>,
  { step, phase, part }: Place,
  equalizing: () => EqualizeContext,
): Explained {
  if (step === 'prepare') return explainObserver(phase, change);
  if (step === 'equalize') return explainInserted(equalizing(), change, part);
  return isObserved(phase.before)
    ? explainGridNode(phase.before, change, part)
    : explainPacked(phase, change);
}

function rescaled(
  change: ChangeOfKind<'rescale'>,
  { step, phase, number, part }: Place,
  equalizing: () => EqualizeContext,
): Explained {
  if (step === 'prepare') return explainFusion(phase, change, part);
  if (step === 'equalize') return explainRescaled(equalizing(), number, change, part);
  if (step === 'calibrate') return observed(change, phase, part);
  return isObserved(phase.before)
    ? explainReference(phase.before, change, part)
    : explainQuantized(phase, change);
}

function observed({ nodes }: ChangeOfKind<'rescale'>, { after }: Phase, part: number | null): Explained {
  const node = after.graph.nodes.find(({ name }) => name === nodes[0]);
  if (node?.op !== 'call_module' || !isObserved(after)) return NOTHING;
  return explainObserved(after, node.target, part);
}

/** The node's FX line before and after, less the count of its readers. */
function linesOf(change: Change): Explanation['lines'] {
  if (change.kind !== 'rewire') return null;
  const line = (node: typeof change.before) => printNode(node, 0).replace(' : [#users=0]', '');
  return { before: line(change.before), after: line(change.after) };
}
