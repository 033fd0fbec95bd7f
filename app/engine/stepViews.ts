import type { StepName, StepView, StudioView } from '../../src/index';
import type { InParts } from '../inParts';
import { type PackedStepView, packStep, unpackStep } from './packedStep';
import { type PackedText, packText, unpackText } from './packedText';

/** A step's view on its way to the page; null where the page has it from the answer before. */
interface PackedStep {
  readonly serial: number;
  readonly view: PackedStepView | null;
}

export interface PackedView {
  /** Counts what one worker sends: another worker begins anew. */
  readonly from: string;
  readonly rest: Omit<StudioView, 'steps' | 'layers' | 'comparison'>;
  /** Thousands of rows, where the model has thousands of layers. */
  readonly layers: PackedText<StudioView['layers']>;
  readonly comparison: PackedText<StudioView['comparison']>;
  readonly steps: readonly (readonly [StepName, PackedStep])[];
}

const stepsOf = ({ steps }: StudioView): readonly (readonly [StepName, StepView])[] =>
  Object.values(steps).map((view) => [view.step, view]);

/**
 * The worker's end: of the steps in a view, sends only those that were not in the view before. The graph of thousands of
 * nodes that a step left alone is neither written nor read again, and stays the same object on the page.
 */
export class StepSender {
  #sent: ReadonlyMap<StepView, number> = new Map();
  #last = 0;

  constructor(private readonly from: string) {}

  pack(view: StudioView): PackedView {
    const { steps: _, layers, comparison, ...rest } = view;
    const serials = new Map(stepsOf(view).map(([, step]) => [step, this.#sent.get(step) ?? ++this.#last]));
    const packed = stepsOf(view).map(
      ([name, step]) =>
        [
          name,
          { serial: serials.get(step) ?? 0, view: this.#sent.has(step) ? null : packStep(step) },
        ] as const,
    );
    this.#sent = serials;
    return {
      from: this.from,
      rest,
      layers: packText(layers),
      comparison: packText(comparison),
      steps: packed,
    };
  }

  /** What was packed last did not cross: the page has none of it for certain. */
  forget(): void {
    this.#sent = new Map();
  }
}

/**
 * The page's end: has the steps of the last view, as the worker knows. Views must be unpacked one after the other, in the order in
 * which they were packed.
 */
export class StepReceiver {
  #from = '';
  #received: ReadonlyMap<number, StepView> = new Map();

  *unpack({ from, rest, steps, ...texts }: PackedView): InParts<StudioView> {
    const known = from === this.#from ? this.#received : new Map<number, StepView>();
    const received = new Map<number, StepView>();
    const views: [StepName, StepView][] = [];
    for (const [name, { serial, view }] of steps) {
      const step = view === null ? known.get(serial) : yield* unpackStep(view);
      if (step === undefined) throw new Error(`internal: the page has lost the view of ${name}`);
      received.set(serial, step);
      views.push([name, step]);
    }
    const layers = yield* unpackText(texts.layers);
    const comparison = yield* unpackText(texts.comparison);
    this.#from = from;
    this.#received = received;
    return { ...rest, layers, comparison, steps: Object.fromEntries(views) };
  }
}
