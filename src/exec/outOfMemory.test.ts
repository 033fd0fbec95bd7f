import { beforeAll, expect, it } from 'vitest';
import { paramName } from '../graph/ids';
import { lazyTensor } from '../graph/lazyTensor';
import { DeviceError } from '../webgpu/errors';
import { Executor } from './executor';
import { isOutOfMemory, OUT_OF_MEMORY } from './outOfMemory';
import { openTestDevice } from './testDevice';
import { batchOf, matrix, TestModel } from './testModel';

beforeAll(() => openTestDevice('cpu'));

/** What the engine itself throws for an array that no memory can hold. */
function engineError(): unknown {
  try {
    return new ArrayBuffer(2 ** 53 - 1);
  } catch (error) {
    return error;
  }
}

it('knows the errors of this engine, and takes no other for them', () => {
  expect(isOutOfMemory(engineError())).toBe(true);
  expect(isOutOfMemory(new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'))).toBe(true);
  expect(isOutOfMemory(new RangeError('Invalid count value: -1'))).toBe(false);
  expect(isOutOfMemory('out of memory')).toBe(false);
});

it('a run that ends for want of memory says so, with the node', () => {
  const g = new TestModel();
  g.input('x');
  g.linear('fc', 'x', [[1, 0]]);
  const model = g.build('fc');
  const weight = lazyTensor('float32', [1, 2], () => {
    throw engineError();
  });
  const executor = new Executor({ ...model, params: { ...model.params, [paramName('fc.weight')]: weight } });
  const run = () => executor.run(batchOf({ x: matrix([[1, 2]]) }));
  expect(run).toThrow(DeviceError);
  expect(run).toThrow(`${OUT_OF_MEMORY} It ran out at node 'fc' (linear: `);
});
