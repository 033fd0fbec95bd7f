import type { Method, Results, Settings, StudioView } from '../../src/index';
import { isGenerated } from './generatedSamples';

/** A run that went through to Convert: what was chosen, and what came of it. */
export interface FinishedRun {
  /** Counts the runs of this model from 1. */
  readonly serial: number;
  /** The state that it ended in; none in projects that were saved before runs had one. */
  readonly state?: number;
  readonly settings: Settings;
  /** The data it ran on, as the files are called. */
  readonly calibration: string;
  readonly evaluation: string | null;
  /** Whether the studio made the calibration data up; not known of projects that were saved before it was kept. */
  readonly generated?: boolean;
  /** How many samples the accuracy counts; null without labels. */
  readonly labelled: number | null;
  readonly results: Results;
  readonly layers: readonly { readonly name: string; readonly selected: boolean }[];
}

const RUN_LIMIT = 10;

const sorted = ({ byName, byType }: Settings['qconfigs'] | Settings['equalization']) =>
  [byName, byType].map((choices) => Object.entries(choices).toSorted());

/** What int8 without equalization depends on. */
export const plainKey = ({ semantics, qconfig, qconfigs }: Settings, calibration: string): string =>
  JSON.stringify([semantics, qconfig, sorted(qconfigs), calibration]);

/** How scales were found; PyTorch semantics knows its own formula only. */
function scalesKey({ semantics, method, alpha, absorbBias, byHand }: Settings): unknown {
  if (semantics === 'pytorch') return 'pytorch';
  const methods = Object.entries(byHand.methods).toSorted();
  const uses = (wanted: Method) => method === wanted || methods.some(([, own]) => own === wanted);
  return [
    method,
    uses('smoothquant') && alpha,
    uses('cross-layer') && absorbBias,
    methods,
    Object.entries(byHand.scales)
      .map(([layer, columns]) => [layer, Object.entries(columns).toSorted()])
      .toSorted(),
  ];
}

const keyOf = ({ settings, calibration, evaluation }: FinishedRun): string =>
  JSON.stringify([
    plainKey(settings, calibration),
    scalesKey(settings),
    settings.equalization.global,
    sorted(settings.equalization),
    evaluation,
  ]);

/** What a view that stands at Convert came from; null before it. */
function runOf(view: StudioView, settings: Settings, serial: number): FinishedRun | null {
  const { results, calibration, evaluation } = view;
  if (results === null || calibration === null) return null;
  return {
    serial,
    state: view.state,
    settings,
    calibration: calibration.source,
    evaluation: evaluation?.source ?? null,
    generated: isGenerated(calibration),
    labelled: evaluation?.labels === true ? evaluation.samples : null,
    results,
    layers: view.layers.map(({ name, selected }) => ({ name, selected })),
  };
}

/** Adds the view's results; an earlier run of the same choices on the same data gives way to the new one. */
export function withRun(
  runs: readonly FinishedRun[],
  view: StudioView,
  settings: Settings,
): readonly FinishedRun[] {
  const run = runOf(view, settings, runs.reduce((most, { serial }) => Math.max(most, serial), 0) + 1);
  if (run === null) return runs;
  return [...runs.filter((earlier) => keyOf(earlier) !== keyOf(run)), run].slice(-RUN_LIMIT);
}

/**
 * The run whose results the page shows: after steps were taken back it is not the newest. Null where none stands; with
 * serial 0 where it is not among the runs any more.
 */
export function standingRun({
  runs,
  view,
  settings,
}: {
  readonly runs: readonly FinishedRun[];
  readonly view: StudioView;
  readonly settings: Settings;
}): FinishedRun | null {
  const shown = runOf(view, settings, 0);
  return shown && (runs.find((run) => keyOf(run) === keyOf(shown)) ?? shown);
}
