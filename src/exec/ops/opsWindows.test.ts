import { beforeAll, describe, expect, it } from 'vitest';
import { nodeName } from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import { lint } from '../../graph/lint';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import { TestModel } from '../testModel';
import { close, run } from '../testOps';
import { TORCH_WINDOWS as CASES } from '../testTorchOps';

/* Convolutions, batch normalization and pooling, held against what PyTorch computed (e2e/oracle/ops.py). */

describe.each(TEST_BACKENDS)('windows on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each(CASES.map((c) => [c.name, c] as const))('%s', async (_, { input, output, ...module }) => {
    const write = (g: TestModel) => g.module('y', 'x', module);
    const { shape, values } = await run({ x: input }, write);
    expect(shape).toEqual(output.shape);
    close(values, output.data);
  });

  it('a fused ReLU', async () => {
    const [plain] = CASES;
    if (!plain) throw new Error('there are no cases');
    const { input: x, output, attrs, tensors } = plain;
    const type = 'torch.nn.intrinsic.ConvReLU1d';
    const { values } = await run({ x }, (g) => g.module('y', 'x', { type, attrs, tensors }));
    close(
      values,
      output.data.map((v) => Math.max(0, v)),
    );
  });
});

describe('the shapes of windows', () => {
  it.each(CASES.map((c) => [c.name, c] as const))('%s', (_, { input, output, ...module }) => {
    const g = new TestModel();
    g.input('x');
    const model = { ...g.build(g.module('y', 'x', module)), inputShapes: { [nodeName('x')]: input.shape } };
    lint(model);
    expect(inferShapes(model).get(nodeName('y'))).toEqual(output.shape);
  });
});
