import { keepConstants } from '../../../src/exec/deviceConstants';
import { ParamStore } from '../../../src/exec/paramStore';
import { paramName } from '../../../src/graph/ids';
import { isLazy } from '../../../src/graph/lazyTensor';
import type { Tensor } from '../../../src/graph/tensor';
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
  /** What the proof took of `equalize`: the models before and after, run and compared. 0 without that step. */
  readonly proof: number;
  /** `total` without the proof. */
  readonly unproven: number;
  /**
   * Computing each scaled weight once. A large model's are made when they are read: on the device, where the proof is the first
   * to read them. A rival's `equalize` holds it.
   */
  readonly scaling: number;
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
  const proofs: number[] = [];
  for (let run = 0; run <= what.runs; run++) {
    const round: Partial<Record<TimedStep, number>> = {};
    for (const step of what.steps) {
      const start = performance.now();
      await studio.run(step, settings, QUIET);
      round[step] = performance.now() - start;
    }
    if (run === 0) continue;
    rounds.push(round);
    proofs.push(snapshotsOf(studio)?.equalize?.proofMs ?? 0);
  }
  const timesOf = (step: TimedStep) => median(rounds.map((round) => round[step] ?? 0));
  const totals = rounds.map((round) => what.steps.reduce((sum, step) => sum + (round[step] ?? 0), 0));
  return {
    steps: Object.fromEntries(what.steps.map((step) => [step, timesOf(step)])),
    total: median(totals),
    proof: median(proofs),
    unproven: median(totals.map((total, run) => total - (proofs[run] ?? 0))),
    scaling: scalingTime(studio),
    threads: await threadsOf(device.backend),
  };
}

const snapshotsOf = (studio: Studio) => studio.state(studio.view().state)?.work.snapshots;

/** Of each weight that equalization scaled: made of the one before where the model runs, which has that one from calibration. */
function scalingTime(studio: Studio): number {
  const snapshots = snapshotsOf(studio);
  const { prepare, equalize } = snapshots ?? {};
  if (!prepare || !equalize) return 0;
  const before: Readonly<Record<string, Tensor>> = prepare.fused.params;
  const scaled = Object.entries<Tensor>(equalize.model.params).flatMap(([name, tensor]) =>
    isLazy(tensor) && tensor !== before[name] ? [paramName(name)] : [],
  );
  // Those that the proof made.
  keepConstants(0);
  const [sources, products] = [new ParamStore(prepare.fused), new ParamStore(equalize.model)];
  try {
    for (const name of scaled) sources.weight(name);
    const start = performance.now();
    for (const name of scaled) products.weight(name);
    return performance.now() - start;
  } finally {
    sources.dispose();
    products.dispose();
  }
}
