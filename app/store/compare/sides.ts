import type { GraphView, StepName } from '../../../src/index';
import type { FinishedRun } from '../finishedRuns';
import { methodWords } from '../methodWords';
import { stepBefore } from '../selectors';
import type { GraphSource, RunGraphs, Studio } from '../studio';
import { SEMANTICS, STEP_WORDS, STEPS } from '../vocabulary';
import { differencesOf, type NodeDifference } from './differencesOf';

type Compared = Pick<Studio, 'view' | 'shown' | 'mode' | 'left' | 'right' | 'runGraphs' | 'runs'>;

/** One side: which graph, and how it is called. */
export interface ComparedSide {
  readonly source: GraphSource;
  readonly graph: GraphView;
}

export interface ComparedSides {
  readonly left: ComparedSide;
  readonly right: ComparedSide;
}

const now = (step: StepName): GraphSource => ({ run: null, step });

export const graphOf = ({ view, runGraphs }: Compared, { run, step }: GraphSource): GraphView | null =>
  (run === null ? view.steps[step]?.graph : runGraphs.get(run)?.[step]) ?? null;

function sideOf(studio: Compared, source: GraphSource | null): ComparedSide | null {
  const graph = source && graphOf(studio, source);
  return source && graph && { source, graph };
}

let last: { readonly left: GraphView; readonly right: GraphView; readonly sides: ComparedSides } | null =
  null;

/** Both sides of the comparison, where it is chosen and there are two; the same object as long as the graphs are. */
export const sidesOf = (studio: Compared): ComparedSides | null =>
  studio.mode === 'compare' ? twoGraphs(studio) : null;

/** Whether two graphs stand side by side. At the first step there may be one, whatever is chosen. */
export const showsTwo = (studio: Compared): boolean => sidesOf(studio) !== null;

/** Whether there are two graphs to put side by side, chosen or not. */
export const hasTwo = (studio: Compared): boolean => twoGraphs(studio) !== null;

function twoGraphs(studio: Compared): ComparedSides | null {
  const right = sideOf(studio, studio.right) ?? sideOf(studio, now(studio.shown));
  const before = stepBefore(studio.view, right?.source.run === null ? right.source.step : studio.shown)?.step;
  const left = sideOf(studio, studio.left) ?? sideOf(studio, before === undefined ? null : now(before));
  if (left === null || right === null) return null;
  const isSame =
    last?.left === left.graph &&
    last.right === right.graph &&
    sameSource(last.sides.left.source, left.source) &&
    sameSource(last.sides.right.source, right.source);
  if (!isSame || last === null) last = { left: left.graph, right: right.graph, sides: { left, right } };
  return last.sides;
}

export const sameSource = (a: GraphSource, b: GraphSource): boolean => a.run === b.run && a.step === b.step;

/** The graphs and settings of the run that a side is of. */
const stepsOf = ({ view, runGraphs }: Compared, { run }: GraphSource) =>
  run === null ? graphsOf(view) : (runGraphs.get(run) ?? {});

const graphsOf = ({ steps }: Studio['view']): RunGraphs =>
  Object.fromEntries(STEPS.flatMap((step) => (steps[step] ? [[step, steps[step].graph]] : [])));

const changedIn = (graph: GraphView | undefined): readonly string[] =>
  (graph?.nodes ?? []).flatMap(({ name, change }) => (change === 'changed' ? [name] : []));

/**
 * Nodes whose tensors may differ though they look alike: those that the steps between the two changed; of two runs, those
 * that equalization changed in either.
 */
export function touchedBetween(studio: Compared, { left, right }: ComparedSides): ReadonlySet<string> {
  const [from, to] = [STEPS.indexOf(left.source.step), STEPS.indexOf(right.source.step)];
  const [a, b] = [stepsOf(studio, left.source), stepsOf(studio, right.source)];
  if (left.source.run !== right.source.run) {
    const equalized = STEPS.indexOf('equalize');
    return new Set(
      Math.max(from, to) < equalized ? [] : [a, b].flatMap(({ equalize }) => changedIn(equalize)),
    );
  }
  const between = STEPS.slice(Math.min(from, to) + 1, Math.max(from, to) + 1);
  return new Set(between.flatMap((step) => changedIn(b[step])));
}

const known = new WeakMap<ComparedSides, readonly NodeDifference[]>();
const NONE: readonly NodeDifference[] = [];

/** Where the two sides differ; found once. */
export function comparedDifferences(studio: Compared): readonly NodeDifference[] {
  const sides = sidesOf(studio);
  if (sides === null) return NONE;
  const found =
    known.get(sides) ?? differencesOf(sides.left.graph, sides.right.graph, touchedBetween(studio, sides));
  known.set(sides, found);
  return found;
}

/** `run 2 · PyTorch, fbgemm, input-weight`. */
const runWords = ({ serial, settings }: FinishedRun): string => {
  const semantics = SEMANTICS.find(({ value }) => value === settings.semantics)?.label ?? settings.semantics;
  const method = settings.semantics === 'pytorch' ? '' : `, ${methodWords(settings.method, settings)}`;
  return `run ${serial} · ${semantics}, ${settings.qconfig}${method}`;
};

export function sourceWords({ runs }: Pick<Compared, 'runs'>, { run, step }: GraphSource): string {
  const title = STEP_WORDS[step].title;
  const found = runs.find(({ serial }) => serial === run);
  return run === null ? title : `${title} (${found ? runWords(found) : `run ${run}`})`;
}
