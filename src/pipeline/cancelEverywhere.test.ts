import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Job } from '../exec/job';
import { openTestDevice } from '../exec/testDevice';
import { DEFAULT_SETTINGS, type Settings, type StepName } from './settings';
import type { Studio } from './studio';
import { quietJob } from './testRun';
import { openLinear2 } from './testStudio';

/* A cancel at every report and every question of every step and job: nothing changes, nothing stays on the device. */

beforeAll(() => openTestDevice('cpu'));

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, qconfig: 'fbgemm' };
const CANCELLED = new Error('the user pressed Cancel');

/** A job that is cancelled at its `at`-th report, and counts them. */
function cancelledAt(at: number): Job & { readonly reports: () => number } {
  const controller = new AbortController();
  let reports = 0;
  return {
    signal: controller.signal,
    progress: () => {
      reports += 1;
      if (reports === at) controller.abort(CANCELLED);
    },
    reports: () => reports,
  };
}

const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, entry) => (key === 'ms' || key === 'state' ? undefined : entry)));

async function ready(step: StepName | null): Promise<Studio> {
  const studio = await openLinear2();
  if (step) await studio.run(step, SETTINGS, quietJob);
  else studio.configure(SETTINGS);
  return studio;
}

interface Work {
  readonly before: StepName | null;
  readonly run: (studio: Studio, job: Job) => Promise<unknown>;
}
const WORKS: Readonly<Record<string, Work>> = {
  prepare: { before: null, run: (studio, job) => studio.run('prepare', SETTINGS, job) },
  calibrate: { before: 'prepare', run: (studio, job) => studio.run('calibrate', SETTINGS, job) },
  equalize: { before: 'calibrate', run: (studio, job) => studio.run('equalize', SETTINGS, job) },
  convert: { before: 'equalize', run: (studio, job) => studio.run('convert', SETTINGS, job) },
  methods: { before: 'convert', run: (studio, job) => studio.compareMethods(SETTINGS, job) },
  advise: { before: 'calibrate', run: (studio, job) => studio.advise(SETTINGS, job) },
};
/** Of a job with more reports, these many are tried, evenly; every method at once takes seconds each time. */
const mostOf = (name: string): number => (name === 'methods' ? 5 : 40);

it.each(Object.keys(WORKS))('%s, cancelled at every point', async (name) => {
  const work = WORKS[name];
  if (!work) throw new Error(`no work ${name}`);
  const counting = cancelledAt(0);
  const expected = withoutTimes(await work.run(await ready(work.before), counting));
  const studio = await ready(work.before);
  const before = withoutTimes(studio.view());
  const tensors = tf.memory().numTensors;
  const reports = counting.reports();
  const stride = Math.max(1, Math.floor(reports / mostOf(name)));
  let cancelled = 0;
  for (let at = 1; at <= reports; at += stride) {
    const outcome = await work.run(studio, cancelledAt(at)).then(
      () => 'done',
      (error: unknown) => error,
    );
    expect(tf.memory().numTensors, `tensors after a cancel at report ${at}`).toBe(tensors);
    // A cancel at the last word comes too late, or stops the comparison behind Convert alone.
    if (outcome === 'done') {
      if (work.before && name !== 'methods' && name !== 'advise')
        await studio.run(work.before, SETTINGS, quietJob);
      continue;
    }
    expect(outcome).toBe(CANCELLED);
    cancelled += 1;
    expect(withoutTimes(studio.view()), `what is there after a cancel at report ${at}`).toEqual(before);
  }
  if (name !== 'prepare') expect(cancelled).toBeGreaterThan(1);
  expect(withoutTimes(await work.run(studio, quietJob))).toEqual(expected);
});
