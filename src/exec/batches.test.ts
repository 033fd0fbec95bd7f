import { expect, it } from 'vitest';
import { nodeName } from '../graph/ids';
import { splitBatches } from './batches';
import { matrix } from './testModel';

const x = matrix([
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
  [9, 10],
]);
const labels = Int32Array.of(0, 1, 2, 3, 4);

it('cuts data into views, the last batch smaller', () => {
  const batches = splitBatches({ x }, labels, 5, 2);
  expect(batches.map((batch) => batch.samples)).toEqual([2, 2, 1]);
  const last = batches[2];
  const input = last?.inputs[nodeName('x')];
  expect(input?.shape).toEqual([1, 2]);
  expect(Array.from(input?.data ?? [])).toEqual([9, 10]);
  expect(input?.data.buffer).toBe(x.data.buffer);
  expect(Array.from(last?.labels ?? [])).toEqual([4]);
});

it('refuses data that does not fit together', () => {
  expect(() => splitBatches({ x }, null, 4, 2)).toThrow(
    "Input 'x' has shape [5, 2]; axis 0 must count the 4 samples.",
  );
  expect(() => splitBatches({ x }, labels.subarray(1), 5, 2)).toThrow('There are 4 labels for 5 samples.');
  expect(() => splitBatches({ x }, null, 5, 0)).toThrow(/at least one sample, not 0/);
  expect(splitBatches({}, null, 0, 8)).toEqual([]);
});
