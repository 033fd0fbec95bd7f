import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import torchCases from '../../e2e/oracle/ops.json';
import { nodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import { lint } from '../graph/lint';
import { floatTensor, sizeOf } from '../graph/tensor';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { noise, TestModel } from './testModel';
import { close, run } from './testOps';

/* Convolutions, batch normalization and pooling, held against what PyTorch computed (e2e/oracle/ops.py). */

const seeded = z
  .object({ shape: z.array(z.number()), seed: z.number() })
  .transform(({ shape, seed }) => floatTensor(shape, noise(sizeOf(shape), seed)));
const attribute = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.number(), z.null()])),
]);
const CASES = z
  .array(
    z.object({
      name: z.string(),
      type: z.string(),
      attrs: z.record(z.string(), attribute),
      input: seeded,
      tensors: z.record(z.string(), seeded),
      output: z.object({ shape: z.array(z.number()), data: z.array(z.number()) }),
    }),
  )
  .parse(torchCases)
  .map(({ tensors, ...rest }) => {
    const variance = tensors.running_var;
    if (!variance) return { ...rest, tensors };
    const positive = floatTensor(
      variance.shape,
      variance.data.map((v) => Math.abs(v) + 0.5),
    );
    return { ...rest, tensors: { ...tensors, running_var: positive } };
  });

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
