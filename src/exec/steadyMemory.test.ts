import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { floatTensor } from '../graph/tensor';
import { planDevice } from './device';
import { keepConstants, leaseConstant } from './deviceConstants';
import { OutOfMemoryError } from './outOfMemory';
import { type DeviceMove, steadyDevice } from './steadyDevice';
import { INSTALLED_WASM } from './testDevice';

/* Memory runs out where there is no GPU, under work that may find constants of earlier work there. */

const LARGE = 2 ** 17;
const { signal } = new AbortController();

/** Half a megabyte, which stays on the device when it is given back. */
const large = () => floatTensor([LARGE], new Float32Array(LARGE).fill(1));
const use = (source = large()) => leaseConstant(source, 'as it is', () => tf.tensor1d(source.data)).end();

async function steadyCpu() {
  const plan = await planDevice({ force: 'cpu', wasmPaths: INSTALLED_WASM });
  const moves: DeviceMove[] = [];
  const device = steadyDevice({ plan, wasmPaths: INSTALLED_WASM, moved: (move) => moves.push(move) });
  await device.open();
  return { run: device.run, moves };
}

/** Work for which there is no memory the first so many times. */
function wanting(times: number, error: () => Error, before = () => {}) {
  const state = { runs: 0 };
  const work = async () => {
    state.runs += 1;
    before();
    if (state.runs <= times) throw error();
    return state.runs;
  };
  return { work, state };
}

const nodeError = () => new OutOfMemoryError("node 'fc' (linear: Array buffer allocation failed)");
const engineError = () => new RangeError('Array buffer allocation failed');

describe('memory that runs out without a GPU', () => {
  let before = 0;
  beforeEach(async () => {
    await planDevice({ force: 'cpu', wasmPaths: INSTALLED_WASM });
    before = tf.memory().numTensors;
    keepConstants(2 ** 24);
  });
  afterEach(() => {
    keepConstants();
    expect(tf.memory().numTensors).toBe(before);
  });
  const held = () => tf.memory().numTensors - before;

  it.each([
    ['of a node', nodeError, "No memory was left at node 'fc' (linear: Array buffer allocation failed)"],
    ['of the engine', engineError, 'No memory was left (Array buffer allocation failed)'],
  ])('%s: what earlier work left goes, and the work is done, which is told', async (_, error, reason) => {
    const { run, moves } = await steadyCpu();
    use();
    const { work } = wanting(1, error);
    expect(await run(signal, work)).toBe(2);
    expect(held()).toBe(0);
    expect(moves).toEqual([{ device: expect.objectContaining({ backend: 'cpu' }), kind: 'freed', reason }]);
  });

  it('where nothing was left by earlier work it fails at once: what the work itself left does not count, yet goes', async () => {
    const { run, moves } = await steadyCpu();
    const { work, state } = wanting(1, nodeError, use);
    await expect(run(signal, work)).rejects.toThrow(OutOfMemoryError);
    expect([state.runs, moves.length, held()]).toEqual([1, 0, 0]);
  });

  it('what earlier work left and this work used does not count either', async () => {
    const { run, moves } = await steadyCpu();
    const source = large();
    use(source);
    const { work, state } = wanting(1, nodeError, () => use(source));
    await expect(run(signal, work)).rejects.toThrow(OutOfMemoryError);
    expect([state.runs, moves.length]).toEqual([1, 0]);
  });

  it('again once more only: the second time it fails with its own error', async () => {
    const { run, moves } = await steadyCpu();
    use();
    const { work, state } = wanting(9, nodeError, use);
    await expect(run(signal, work)).rejects.toThrow(OutOfMemoryError);
    expect([state.runs, moves.length, held()]).toEqual([2, 1, 0]);
  });

  it('any other error frees nothing', async () => {
    const { run, moves } = await steadyCpu();
    use();
    const { work, state } = wanting(1, () => new Error('no'));
    await expect(run(signal, work)).rejects.toThrow('no');
    expect([state.runs, moves.length, held()]).toEqual([1, 0, 1]);
  });

  it('work that was cancelled is not begun again', async () => {
    const { run, moves } = await steadyCpu();
    use();
    const controller = new AbortController();
    const { work, state } = wanting(1, nodeError, () => controller.abort());
    await expect(run(controller.signal, work)).rejects.toThrow(OutOfMemoryError);
    expect([state.runs, moves.length]).toEqual([1, 0]);
  });
});
