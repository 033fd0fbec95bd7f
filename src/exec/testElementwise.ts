import { z } from 'zod';
import torchCases from '../../e2e/oracle/elementwise.json';
import { type NodeName, nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { Argument } from '../graph/node';
import type { DType, Tensor } from '../graph/tensor';
import { callFunction, modelOf, output, placeholder, to } from '../graph/testGraph';

/* What PyTorch's functions element by element and reductions compute (e2e/oracle/elementwise.py). For tests only. */

const element = z.union([z.number(), z.boolean(), z.enum(['nan', 'inf', '-inf'])]);
const numberOf = (value: z.infer<typeof element>): number =>
  value === 'nan'
    ? Number.NaN
    : Number(value === 'inf' || value === '-inf' ? value.replace('inf', 'Infinity') : value);
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

const tensor = z
  .object({
    dtype: z.enum(['float32', 'int32', 'bool']),
    shape: z.array(z.number()),
    data: z.array(element),
  })
  .transform(
    ({ dtype, shape, data }): Tensor => ({ dtype, shape, data: ARRAYS[dtype].from(data.map(numberOf)) }),
  );

const scalar = z.union([z.number(), z.boolean(), z.string(), z.null()]);
const argument = z.union([z.object({ input: z.number() }), scalar, z.array(z.number())]);

export interface TorchCase {
  readonly name: string;
  readonly model: Model;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly output: Tensor;
}

export const TORCH_ELEMENTWISE: readonly TorchCase[] = z
  .array(
    z.object({
      target: z.string(),
      args: z.array(argument),
      kwargs: z.record(z.string(), scalar),
      inputs: z.array(tensor),
      output: tensor,
    }),
  )
  .parse(torchCases)
  .map(({ target, args, kwargs, inputs, output: expected }, at) => {
    const names = inputs.map((_, i) => `x${i}`);
    const given = args.map(
      (arg): Argument =>
        typeof arg === 'object' && arg !== null && 'input' in arg ? to(`x${arg.input}`) : arg,
    );
    const inputTypes: Record<NodeName, DType> = {};
    const inputShapes: Record<NodeName, readonly number[]> = {};
    inputs.forEach((x, i) => {
      inputTypes[nodeName(`x${i}`)] = x.dtype;
      inputShapes[nodeName(`x${i}`)] = x.shape;
    });
    const nodes = [
      ...names.map((name) => placeholder(name)),
      callFunction('y', target, given, kwargs),
      output(to('y')),
    ];
    return {
      name: `${at} ${target} of ${inputs.map((x) => `${x.dtype} [${x.shape.join(', ')}]`).join(' and ')}`,
      model: { ...modelOf(nodes, { inputShapes }), inputTypes },
      inputs: Object.fromEntries(inputs.map((x, i) => [`x${i}`, x])),
      output: expected,
    };
  });
