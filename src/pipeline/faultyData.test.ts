import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { bytesSource } from '../formats/byteSource';
import { DEFAULT_SETTINGS } from './settings';
import { Studio } from './studio';
import { quietJob } from './testRun';
import { BACKEND, sampleFile } from './testStudio';

beforeAll(() => openTestDevice('cpu'));

/** A .csv of rows for linear2's input. */
const csv = (rows: readonly (readonly (number | string)[])[]) =>
  bytesSource(new TextEncoder().encode(rows.map((row) => row.join(',')).join('\n')), 'rows.csv');

async function openOn(rows: readonly (readonly (number | string)[])[]): Promise<Studio> {
  const studio = new Studio(BACKEND);
  await studio.openModel([sampleFile('linear2/model.safetensors')]);
  await studio.openCalibration([csv(rows)]);
  return studio;
}

async function columnsOfInput(): Promise<number> {
  const studio = new Studio(BACKEND);
  const view = await studio.openModel([sampleFile('linear2/model.safetensors')]);
  return Number(/(\d+)\]$/.exec(view.model?.inputs[0]?.shape ?? '')?.[1]);
}

const rowOf = (columns: number, value: (c: number) => number | string) =>
  Array.from({ length: columns }, (_, c) => value(c));

describe('calibration data that is hardly any', () => {
  it.each([
    ['NaN', 'nan'],
    ['infinities', 'inf'],
  ])('%s are told of where the data is opened, and no range has them', async (_, word) => {
    const columns = await columnsOfInput();
    const rows = [rowOf(columns, (c) => (c === 0 ? word : c)), rowOf(columns, (c) => c - 0.5)];
    const studio = await openOn(rows);
    expect(studio.view().calibration?.notes.join()).toContain(`1 of ${2 * columns} values`);
    const view = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    expect(view.steps.calibrate?.warning).toMatch(/NaN or infinite value/);
    expect(view.results?.sqnr.equalized).not.toBeNull();
  });

  it('all NaN: told of, and refused or passed over, never an internal error', async () => {
    const columns = await columnsOfInput();
    const studio = await openOn([rowOf(columns, () => 'nan')]);
    expect(studio.view().calibration?.notes.join()).toContain('nothing can be calibrated on them');
    const before = tf.memory().numTensors;
    const outcome = await studio.run('convert', DEFAULT_SETTINGS, quietJob).then(
      () => 'done',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(outcome).toMatch(/^(done|GraphError: )/);
    expect(outcome).not.toContain('internal');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('all zero: told of where the data is opened; scales stay 1', async () => {
    const columns = await columnsOfInput();
    const studio = await openOn([rowOf(columns, () => 0), rowOf(columns, () => 0)]);
    expect(studio.view().calibration?.notes.join()).toContain('are zero');
    const view = await studio.run('equalize', DEFAULT_SETTINGS, quietJob);
    expect(view.steps.equalize).toMatchObject({ failed: false });
  });

  it('one sample is enough, for every step', async () => {
    const columns = await columnsOfInput();
    const studio = await openOn([rowOf(columns, (c) => c - 1)]);
    const view = await studio.run('convert', { ...DEFAULT_SETTINGS, qconfig: 'fbgemm' }, quietJob);
    expect(view.steps.convert).toMatchObject({ failed: false });
    expect(view.calibration?.samples).toBe(1);
  });

  it('an empty file is refused by name, and what was open stays', async () => {
    const columns = await columnsOfInput();
    const studio = await openOn([rowOf(columns, (c) => c)]);
    await expect(studio.openCalibration([bytesSource(new Uint8Array(), 'none.csv')])).rejects.toThrow(
      /^none\.csv: /,
    );
    expect(studio.view().calibration?.source).toBe('rows.csv');
  });
});
