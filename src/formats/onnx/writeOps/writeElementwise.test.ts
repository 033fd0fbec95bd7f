import { expect, it } from 'vitest';
import { TORCH_ELEMENTWISE } from '../../../exec/testElementwise';
import { runOnnxOn } from '../testRuntime';
import { writeOnnx } from '../write';

/** Of NaN and infinity ONNX Runtime makes something else here; ONNX itself says nothing of them. */
const OPEN = /torch\.(sign|floor_divide|div|amax) of float32/;

it.each(TORCH_ELEMENTWISE)(
  'ONNX Runtime computes what PyTorch does: $name',
  async ({ name, model, inputs, output }) => {
    const [y] = await runOnnxOn(writeOnnx(model), Object.values(inputs));
    expect(y?.dims).toEqual(output.shape);
    output.data.forEach((value, i) => {
      const bothFinite = Number.isFinite(value) && Number.isFinite(y?.data[i]);
      if (OPEN.test(name) && !bothFinite) return;
      if (Number.isFinite(value))
        expect(y?.data[i], `element ${i}`).toBeCloseTo(value, Math.abs(value) > 1e3 ? -6 : 4);
      else expect(y?.data[i], `element ${i}`).toBe(value);
    });
  },
);
