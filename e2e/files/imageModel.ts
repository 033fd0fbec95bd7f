import { fxFile, fxNode } from './fxFile';

/**
 * An FX model file of `Conv2d(3, 3, 1) → Flatten → Linear(3·4·4, 2)` that adds up the red values of a 4 × 4 image in its
 * first output and the blue ones in its second: the convolution leaves every pixel as it is.
 */
export function redAndBlueModel(): Buffer {
  const weight = new Float32Array(2 * 48);
  weight.fill(1, 0, 16);
  weight.fill(1, 48 + 32, 96);
  const graph = {
    nodes: [
      fxNode('x', 'placeholder', 'x'),
      fxNode('conv', 'call_module', 'conv', 'x'),
      fxNode('flatten', 'call_module', 'flatten', 'conv'),
      fxNode('fc', 'call_module', 'fc', 'flatten'),
      fxNode('output', 'output', 'output', 'fc'),
    ],
    modules: {
      conv: {
        type: 'torch.nn.Conv2d',
        attrs: { in_channels: 3, out_channels: 3, kernel_size: 1, bias: false },
      },
      flatten: { type: 'torch.nn.Flatten', attrs: {} },
      fc: { type: 'torch.nn.Linear', attrs: { in_features: 48, out_features: 2, bias: false } },
    },
  };
  return fxFile(graph, {
    'conv.weight': { shape: [3, 3, 1, 1], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) },
    'fc.weight': { shape: [2, 48], data: weight },
  });
}
