import type { Device } from '../../../src/index';
import { DEFAULT_SETTINGS, type Job, type Settings, Studio } from '../../../src/index';
import { fetched } from './fetched';
import { median } from './medianTime';
import { threadsOf } from './threads';

/** The steps of the studio on a model, from files that the server has. */
export interface StepsCase {
  readonly model: string;
  readonly data: string;
  readonly settings: Partial<Settings>;
  readonly steps: readonly TimedStep[];
  /** After one run that warms up. */
  readonly runs: number;
}

export type TimedStep = 'prepare' | 'calibrate' | 'equalize' | 'convert';

/** Medians in ms, and of the sums of a run. */
export interface RunTimes {
  readonly steps: Readonly<Partial<Record<TimedStep, number>>>;
  readonly total: number;
  readonly threads: number;
}

const QUIET: Job = { signal: new AbortController().signal, progress: () => {} };

/** Runs the steps of a model that is open, several times; each run begins at the first of them. */
export async function runSteps(device: Device, what: StepsCase): Promise<RunTimes> {
  const studio = new Studio({ name: device.backend, adapter: device.adapter, label: device.label });
  await studio.openModel([await fetched(what.model)]);
  await studio.openCalibration([await fetched(what.data)]);
  const settings: Settings = { ...DEFAULT_SETTINGS, ...what.settings };
  const rounds: Partial<Record<TimedStep, number>>[] = [];
  for (let run = 0; run <= what.runs; run++) {
    const round: Partial<Record<TimedStep, number>> = {};
    for (const step of what.steps) {
      const start = performance.now();
      await studio.run(step, settings, QUIET);
      round[step] = performance.now() - start;
    }
    if (run > 0) rounds.push(round);
  }
  const timesOf = (step: TimedStep) => median(rounds.map((round) => round[step] ?? 0));
  const total = median(rounds.map((round) => what.steps.reduce((sum, step) => sum + (round[step] ?? 0), 0)));
  return {
    steps: Object.fromEntries(what.steps.map((step) => [step, timesOf(step)])),
    total,
    threads: await threadsOf(device.backend),
  };
}
