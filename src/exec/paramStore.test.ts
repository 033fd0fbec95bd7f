import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { paramName } from '../graph/ids';
import { lazyTensor } from '../graph/lazyTensor';
import { noteScaledRows } from '../graph/scaledRows';
import { asFloat, type FloatTensor } from '../graph/tensor';
import { ParamStore } from './paramStore';
import { openTestDevice } from './testDevice';
import { TestModel } from './testModel';

const NAME = paramName('w');
const [ROWS, COLUMNS] = [6, 8];
const SCALES = {
  column: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 0.1),
  row: Float32Array.of(3, 1, 4, 1, 5, 0.3),
};

/** A lazy weight, and another made of it as equalization does; `made` counts how often the data of each was made. */
function scaledPair() {
  const made = { origin: 0, scaled: 0 };
  const values = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(i + 1));
  const origin = asFloat(
    lazyTensor('float32', [ROWS, COLUMNS], () => {
      made.origin++;
      return values;
    }),
    'origin',
  );
  const product = Float32Array.from(values, (value, i) =>
    Math.fround(value * (SCALES.column[i % COLUMNS] ?? 0)),
  ).map((value, i) => value * (SCALES.row[Math.floor(i / COLUMNS)] ?? 0));
  const scaled = asFloat(
    lazyTensor('float32', [ROWS, COLUMNS], () => {
      made.scaled++;
      return product;
    }),
    'scaled',
  );
  noteScaledRows(scaled, {
    origin,
    scalings: [
      { by: 'column', factors: SCALES.column, groups: 1 },
      { by: 'row', factors: SCALES.row },
    ],
  });
  return { origin, scaled, product, made };
}

const storeOf = (weight: FloatTensor, budget?: number) => {
  const g = new TestModel();
  g.input('x');
  return new ParamStore({ ...g.build('x'), params: { [NAME]: weight } }, budget);
};

describe('a weight that is another one scaled', () => {
  beforeAll(() => openTestDevice('wasm'));

  it('is made of that one on the device, to the bit, and its data is not made', async () => {
    const { scaled, product, made } = scaledPair();
    const before = tf.memory().numTensors;
    const store = storeOf(scaled);
    const found = await tf.tidy(() => store.weight(NAME)).data();
    expect(found).toEqual(product);
    expect(made).toEqual({ origin: 1, scaled: 0 });
    expect(tf.memory().numTensors).toBe(before + 1);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of a model beyond the device’s room is made on the host', async () => {
    const { scaled, product, made } = scaledPair();
    const store = storeOf(scaled, 16);
    expect(await store.weight(NAME).data()).toEqual(product);
    expect(made).toEqual({ origin: 0, scaled: 1 });
    store.dispose();
  });

  it('finds the other one where another model has it on the device', async () => {
    const { origin, scaled, product, made } = scaledPair();
    const [before, after] = [storeOf(origin), storeOf(scaled)];
    before.weight(NAME);
    expect(made.origin).toBe(1);
    const read = vi.spyOn(origin, 'data', 'get');
    expect(await after.weight(NAME).data()).toEqual(product);
    expect(read).not.toHaveBeenCalled();
    before.dispose();
    after.dispose();
  });
});

it('on another backend is made on the host', async () => {
  await openTestDevice('cpu');
  const { scaled, made } = scaledPair();
  const store = storeOf(scaled);
  expect(store.weight(NAME).shape).toEqual([COLUMNS, ROWS]);
  expect(made).toEqual({ origin: 0, scaled: 1 });
  store.dispose();
});
