import { keepConstants } from '../exec/deviceConstants';
import { GraphError } from '../graph/errors';
import { keepTensors } from '../graph/lazyTensor';
import { reconfigured } from './runSteps';
import { provenRecord } from './saved/provenRecord';
import { type State, States } from './saved/states';
import { DEFAULT_SETTINGS, type Settings, type StepName } from './settings';
import { type DrawnSteps, stepGraphs, studioView, type Work } from './studioView';
import type { GraphView, StudioView } from './views';

/** Of the model before: its steps kept tensors on the host and constants on the device for each other. */
function letGoOfTensors(): void {
  keepTensors();
  keepConstants();
}

/** One model open for work: what there is now, and what there was, by number. */
export class OpenWork {
  protected work: Work | null = null;
  protected settings: Settings = DEFAULT_SETTINGS;
  protected readonly drawn: DrawnSteps = new WeakMap();
  private readonly states = new States();

  /**
   * The model of another project, or the same one at another moment. It is drawn before anything is taken over: what cannot be
   * drawn leaves the one before.
   */
  protected takeOver({ work, settings }: State, view = studioView(work, settings, this.drawn)): StudioView {
    if (work.opened !== this.work?.opened) {
      this.states.clear();
      letGoOfTensors();
    }
    this.work = work;
    this.settings = settings;
    return { ...view, state: this.stateNow() };
  }

  /** The work by the number that its view has; null where it is no longer kept. */
  state(number: number): State | null {
    return this.states.get(number) ?? null;
  }

  /** The graphs of states by number, as their views had them; without those that are no longer kept. */
  stateGraphs(numbers: readonly number[]): ReadonlyMap<number, Partial<Record<StepName, GraphView>>> {
    return new Map(
      numbers.flatMap((number) => {
        const state = this.states.get(number);
        return state ? [[number, stepGraphs(state.work, this.drawn)] as const] : [];
      }),
    );
  }

  /** Lets go of all states but these and the one of now. */
  keepStates(numbers: readonly number[]): void {
    this.states.keepOnly([...numbers, this.stateNow()]);
  }

  /** Goes to a state that was kept: nothing is computed. */
  recall(number: number): StudioView {
    const state = this.states.get(number);
    if (!state) throw new GraphError(`State ${number} is no longer kept. Run the steps again.`);
    return this.takeOver(state);
  }

  /** Gives the open model up. */
  close(): StudioView {
    this.work = null;
    this.states.clear();
    letGoOfTensors();
    return this.view();
  }

  /** Takes over states that were saved, and goes to one of them; the work on another model is given up. */
  restore(states: ReadonlyMap<number, State>, now: number): StudioView {
    const state = states.get(now);
    if (!state) throw new GraphError(`internal: there is no state ${now} to restore.`);
    const { work, settings } = state;
    provenRecord(work.opened.model.name, () => studioView(work, settings, this.drawn));
    this.states.clear();
    letGoOfTensors();
    this.work = work;
    for (const [number, saved] of states) this.states.put(number, saved);
    return this.takeOver(state);
  }

  /** Takes over settings; the steps that they touch are forgotten. */
  configure(settings: Settings): StudioView {
    this.reconfigure(settings);
    return this.view();
  }

  /** The same without a view. */
  protected reconfigure(settings: Settings): void {
    const before = this.settings;
    this.settings = settings;
    if (this.work) this.work = reconfigured(this.work, before, settings);
  }

  view(): StudioView {
    const { work, settings } = this;
    return { ...studioView(work, settings, this.drawn), state: this.stateNow() };
  }

  /** The number of what there is now; 0 without a model. */
  private stateNow(): number {
    const { work, settings } = this;
    return work ? this.states.numberOf({ work, settings }) : 0;
  }

  protected open(): Work {
    if (!this.work) throw new GraphError('No model is open. Open a model first.');
    return this.work;
  }
}
