import { beforeAll, describe, expect, it } from 'vitest';
import { nodeName } from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import { inferTypes } from '../../graph/inferTypes';
import { Executor } from '../executor';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import { TORCH_ELEMENTWISE } from '../testElementwise';
import { batchOf } from '../testModel';

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
    output.data.forEach((value, i) => {
      // WGSL lets a GPU assume that nothing is NaN or infinite, and gives its functions three digits or four.
      if (backend === 'webgpu') {
        const bound = 1e-4 + 5e-4 * Math.abs(value);
        if (Number.isFinite(value))
          expect(Math.abs((data[i] ?? 0) - value), `element ${i}`).toBeLessThan(bound);
      } else if (Number.isFinite(value))
        expect(data[i], `element ${i}`).toBeCloseTo(value, value > 1e3 ? -5 : 4);
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
