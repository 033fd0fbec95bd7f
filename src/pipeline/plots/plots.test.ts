import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { DEFAULT_SETTINGS } from '../settings';
import type { Studio } from '../studio';
import { quietJob } from '../testRun';
import { abortingJob, openDigits } from '../testStudio';
import type { ValueHistogram } from './plotViews';

beforeAll(() => openTestDevice('cpu'));

async function equalized(settings = DEFAULT_SETTINGS): Promise<Studio> {
  const studio = await openDigits();
  await studio.run('equalize', settings, quietJob);
  return studio;
}

async function counted(studio: Studio, node: string, role: 'input' | 'weight'): Promise<ValueHistogram> {
  const tensorOf = () => studio.tensors('equalize', node).tensors.find((one) => one.role === role);
  const tensor = tensorOf();
  if (!tensor) throw new Error(`${node} has no ${role}`);
  expect(tensor.histogram).toBeNull();
  await studio.countValues('equalize', tensor, quietJob);
  const histogram = tensorOf()?.histogram;
  if (!histogram) throw new Error('nothing was counted');
  return histogram;
}

const sum = (values: Float64Array | null | undefined): number =>
  (values ?? new Float64Array()).reduce((a, b) => a + b, 0);

describe('values of tensors', () => {
  it('are counted before and after equalization, on the grid of each', async () => {
    const { before, after } = await counted(await equalized(), 'linear2', 'input');
    for (const { counts, grid } of [before, after ?? before]) {
      expect(sum(counts.bins)).toBe(counts.total);
      expect(sum(counts.levels) + counts.clippedLow + counts.clippedHigh).toBe(counts.total);
      // MinMaxObserver's grid reaches over all values, the last half step apart.
      expect(counts.clippedLow + counts.clippedHigh).toBe(0);
      expect([grid?.quantMin, grid?.quantMax]).toEqual([0, 127]);
    }
    expect(after?.counts.high).not.toBe(before.counts.high);
    expect(after?.counts.total).toBe(before.counts.total);
  });

  it('of a weight are its entries, on a grid a row where its observer has one', async () => {
    const studio = await equalized({ ...DEFAULT_SETTINGS, qconfig: 'per-channel' });
    const { before } = await counted(studio, 'linear2', 'weight');
    const { weight } = studio.inspect('equalize', 'linear2');
    expect(before.counts.high).toBe(Math.max(...(weight?.before.max ?? [])));
    expect(before.grid).toEqual({ quantMin: -128, quantMax: 127, qparams: null });
    const { levels, clippedLow, clippedHigh, total } = before.counts;
    // The largest entry of a row is 127.5 steps from zero: it is clipped by half a step.
    expect(clippedHigh).toBeGreaterThan(0);
    expect(sum(levels) + clippedLow + clippedHigh).toBe(total);
  });

  it('are found about observers and the nodes beside them; without calibration there are none', async () => {
    const studio = await equalized();
    const roles = (node: string) => studio.tensors('equalize', node).tensors.map(({ role }) => role);
    expect(roles('linear2')).toEqual(['input', 'output', 'weight']);
    expect(roles('x')).toEqual(['output']);
    expect(roles('linear1_activation_post_process_0')).toEqual(['observed']);
    expect(studio.tensors('equalize', 'gone').reason).toContain('Select an observer');
    expect(studio.tensors('prepare', 'linear2').reason).toContain('run Calibrate first');
  });

  it('are kept for the snapshot they are of, and not beyond', async () => {
    const studio = await equalized();
    await counted(studio, 'linear2', 'input');
    await studio.run('equalize', { ...DEFAULT_SETTINGS, method: 'smoothquant' }, quietJob);
    expect(studio.tensors('calibrate', 'linear2').tensors[0]?.histogram?.after).toBeNull();
    expect(studio.tensors('equalize', 'linear2').tensors[0]?.histogram).toBeNull();
  });

  it('stop being counted when the user cancels', async () => {
    const studio = await equalized();
    const job = abortingJob('Count values', 1);
    const tensor = { node: 'x_activation_post_process_0', role: 'observed' } as const;
    await expect(studio.countValues('equalize', tensor, job)).rejects.toBe(job.reason);
    expect(studio.tensors('equalize', tensor.node).tensors[0]?.histogram).toBeNull();
  });
});

describe('the map of a weight', () => {
  it('of its own size has every entry', async () => {
    const studio = await equalized();
    const map = studio.weightMap('equalize', 'linear2', null, { rows: 1000, columns: 1000 });
    const { weight } = studio.inspect('equalize', 'linear2');
    expect([map.cellRows, map.cellColumns]).toEqual([map.rows, map.columns]);
    const maxOf = (cells: Float32Array, column: number) =>
      Math.max(...Array.from({ length: map.rows }, (_, row) => cells[row * map.columns + column] ?? 0));
    expect(maxOf(map.before, 3)).toBe(weight?.before.max[3]);
    expect(maxOf(map.after ?? map.before, 3)).toBeCloseTo(weight?.after?.max[3] ?? Number.NaN, 6);
    const at = 5 * map.columns + 7;
    expect(map.difference?.[at]).toBe(Math.fround((map.after?.[at] ?? 0) - (map.before[at] ?? 0)));
  });

  it('in fewer cells keeps the largest magnitude of each, with its sign', async () => {
    const studio = await equalized();
    const all = studio.weightMap('equalize', 'linear2', null, { rows: 1000, columns: 1000 });
    const window = { rows: [2, 9], columns: [10, 15.5] } as const;
    const map = studio.weightMap('equalize', 'linear2', window, { rows: 3, columns: 2 });
    expect(map.window).toEqual({ rows: [2, 9], columns: [10, 16] });
    // Rows 2, 3, 4 and columns 10, 11, 12 fall into the first cell.
    const entries = [2, 3, 4].flatMap((row) =>
      [10, 11, 12].map((column) => all.before[row * all.columns + column] ?? 0),
    );
    expect(map.before[0]).toBe(entries.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0]);
    expect(map.most).toBe(all.most);
    expect(map.most).toBe(Math.max(...[...all.before, ...(all.after ?? [])].map(Math.abs)));
  });

  it('is refused of a node without a weight, and has no after before equalize', async () => {
    const studio = await equalized();
    const size = { rows: 4, columns: 4 };
    expect(() => studio.weightMap('equalize', 'x', null, size)).toThrow("Node 'x' is not a layer");
    expect(studio.weightMap('calibrate', 'linear2', null, size).after).toBeNull();
  });
});
