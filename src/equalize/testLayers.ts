import type { TestModel } from '../exec/testModel';
import { floatTensor } from '../graph/tensor';

/* Layers for tests of where scales go: their weights do not matter. */

/** A convolution of 2 channels to 2 with a kernel of 1. */
export const conv = (g: TestModel, name: string, input: string, dims: 1 | 2 | 3, groups = 1): string =>
  g.module(name, input, {
    type: `torch.nn.Conv${dims}d`,
    attrs: {
      in_channels: 2,
      out_channels: 2,
      kernel_size: new Array<number>(dims).fill(1),
      groups,
      bias: false,
    },
    tensors: {
      weight: floatTensor(
        [2, 2 / groups, ...new Array<number>(dims).fill(1)],
        new Float32Array(4 / groups).map((_, i) => i + 1),
      ),
    },
  });
