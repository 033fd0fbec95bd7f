import { beforeAll, describe, expect, it } from 'vitest';
import { nodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import { inferTypes } from '../graph/inferTypes';
import { Executor } from './executor';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { TORCH_ELEMENTWISE } from './testElementwise';
import { batchOf } from './testModel';

const y = nodeName('y');

describe.each(TEST_BACKENDS)('functions of PyTorch on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each(TORCH_ELEMENTWISE)('$name', async ({ model, inputs, output }) => {
    const executor = new Executor(model);
    const [result] = executor.run(batchOf(inputs));
    if (!result) throw new Error('the graph has no output');
    const data = Array.from(await result.data(), Number);
    expect([result.shape, result.dtype]).toEqual([output.shape, output.dtype]);
    // A GPU's functions may make anything of NaN and of what they have no value for.
    const known = backend === 'webgpu' ? output.data.map((v) => (Number.isNaN(v) ? 0 : 1)) : null;
    output.data.forEach((value, i) => {
      if (known?.[i] === 0) return;
      if (Number.isFinite(value)) expect(data[i], `element ${i}`).toBeCloseTo(value, value > 1e3 ? -5 : 4);
      else expect(data[i], `element ${i}`).toBe(value);
    });
    result.dispose();
    executor.dispose();
  });
});

it.each(TORCH_ELEMENTWISE)('shape and type are known: $name', ({ model, output }) => {
  expect(inferShapes(model).get(y)).toEqual(output.shape);
  expect(inferTypes(model).get(y)).toBe(output.dtype);
});
