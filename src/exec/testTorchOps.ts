import { z } from 'zod';
import torchCases from '../../e2e/oracle/ops.json';
import { floatTensor, sizeOf } from '../graph/tensor';
import { noise } from './testModel';

/* What PyTorch's convolutions, normalizations and pooling compute (e2e/oracle/ops.py). For tests only. */

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
export const TORCH_WINDOWS = z
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
