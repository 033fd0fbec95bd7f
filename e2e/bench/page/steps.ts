import { paramName } from '../../../src/graph/ids';
import { isLazy, keepTensors } from '../../../src/graph/lazyTensor';
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
   * Computing each scaled weight once. A large model's are made when they are read, which the proof is the first to do; a rival's
   * `equalize` holds it.
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

/** Of each weight that equalization scaled, with the one that it is computed from in memory, as a rival has it. */
function scalingTime(studio: Studio): number {
  const snapshots = snapshotsOf(studio);
  if (!snapshots?.equalize) return 0;
  const before = snapshots.prepare?.fused.params ?? {};
  let spent = 0;
  for (const [name, tensor] of Object.entries<Tensor>(snapshots.equalize.model.params)) {
    const source: Tensor | undefined = before[paramName(name)];
    if (source === undefined || source === tensor || !isLazy(tensor)) continue;
    keepTensors(0);
    keepTensors();
    if (source.data.length === 0) continue;
    const start = performance.now();
    if (tensor.data.length !== source.data.length) throw new Error(`'${name}' has another size when scaled.`);
    spent += performance.now() - start;
  }
  return spent;
}
