import type { Results, Settings, StudioView } from '../../src/index';

/** A run that went through to Convert: what was chosen, and what came of it. */
export interface FinishedRun {
  /** Counts the runs of this model from 1. */
  readonly serial: number;
  readonly settings: Settings;
  /** The data it ran on, as the files are called. */
  readonly calibration: string;
  readonly evaluation: string | null;
  /** How many samples the accuracy counts; null without labels. */
  readonly labelled: number | null;
  readonly results: Results;
}

const RUN_LIMIT = 10;

const keyOf = ({ settings, calibration, evaluation }: FinishedRun): string =>
  JSON.stringify([
    settings.semantics,
    settings.qconfig,
    settings.method,
    settings.excluded.toSorted(),
    Object.entries(settings.qconfigs.byName).toSorted(),
    Object.entries(settings.qconfigs.byType).toSorted(),
    calibration,
    evaluation,
  ]);

/** Adds the view's results; an earlier run of the same choices on the same data gives way to the new one. */
export function withRun(
  runs: readonly FinishedRun[],
  view: StudioView,
  settings: Settings,
): readonly FinishedRun[] {
  const { results, calibration, evaluation } = view;
  if (results === null || calibration === null) return runs;
  const run: FinishedRun = {
    serial: runs.reduce((most, { serial }) => Math.max(most, serial), 0) + 1,
    settings,
    calibration: calibration.source,
    evaluation: evaluation?.source ?? null,
    labelled: evaluation?.labels === true ? evaluation.samples : null,
    results,
  };
  return [...runs.filter((earlier) => keyOf(earlier) !== keyOf(run)), run].slice(-RUN_LIMIT);
}
