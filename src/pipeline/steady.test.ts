import { beforeAll, expect, it } from 'vitest';
import type { Job } from '../exec/job';
import type { Steady } from '../exec/steadyDevice';
import { openTestDevice } from '../exec/testDevice';
import { GpuFailure } from '../webgpu/errors';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { Studio } from './studio';
import { quietJob } from './testRun';
import { BACKEND, sampleFile } from './testStudio';

/* What needs the device goes through `steady`, which may begin it again on another one: the second time must come to the same. */

beforeAll(() => openTestDevice('cpu'));

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, qconfig: 'fbgemm' };

/** Like a device that is lost when all is done, each time: everything is done twice. */
function losing() {
  const state = { works: 0 };
  const steady: Steady = async (_, work) => {
    state.works += 1;
    await work();
    return work();
  };
  return { state, steady };
}

async function open(steady?: Steady): Promise<Studio> {
  const studio = new Studio(BACKEND, null, steady);
  await studio.openModel([sampleFile('linear2/model.safetensors')]);
  await studio.openCalibration([sampleFile('linear2/calibration.npy')]);
  return studio;
}

const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, entry) => (key === 'ms' || key === 'state' ? undefined : entry)));

const JOBS: Readonly<Record<string, (studio: Studio, job: Job) => Promise<unknown>>> = {
  convert: (studio, job) => studio.run('convert', SETTINGS, job),
  methods: (studio, job) => studio.compareMethods(SETTINGS, job),
  advise: (studio, job) => studio.advise(SETTINGS, job),
  values: async (studio, job) => {
    await studio.run('calibrate', SETTINGS, job);
    await studio.countValues('calibrate', { node: 'x', role: 'input' }, job);
    return studio.tensors('calibrate', 'x');
  },
};

it.each(Object.keys(JOBS))('%s, begun again on another device, comes to the same', async (name) => {
  const job = JOBS[name];
  if (!job) throw new Error(`no job ${name}`);
  const once = withoutTimes(await job(await open(), quietJob));
  const { state, steady } = losing();
  expect(withoutTimes(await job(await open(steady), quietJob))).toEqual(once);
  expect(state.works).toBeGreaterThan(0);
});

it('a loss under the comparison with the other semantics passes through it, to the device that follows', async () => {
  const failure = new GpuFailure('lost', 'gone', 'The GPU device was lost: gone.');
  let losses = 0;
  const steady: Steady = async (_, work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GpuFailure)) throw error;
      losses += 1;
      return work();
    }
  };
  const studio = await open(steady);
  let isLost = false;
  await studio.run('convert', SETTINGS, {
    ...quietJob,
    progress: (phase) => {
      if (phase !== 'Other semantics' || isLost) return;
      isLost = true;
      throw failure;
    },
  });
  expect(losses).toBe(1);
  expect(studio.view().results).not.toBeNull();
});
