/**
 * An FX model file of `Flatten → Linear(3·4·4, 2)` that adds up the red values of a 4 × 4 image in its first output and
 * the blue ones in its second.
 */
export function redAndBlueModel(): Buffer {
  const weight = new Float32Array(2 * 48);
  weight.fill(1, 0, 16);
  weight.fill(1, 48 + 32, 96);
  const node = (name: string, op: string, target: string, input?: string) => ({
    name,
    op,
    target,
    args: input === undefined ? [] : [{ node: input }],
    kwargs: {},
  });
  const fx = {
    version: 1,
    nodes: [
      node('x', 'placeholder', 'x'),
      node('conv', 'call_module', 'conv', 'x'),
      node('flatten', 'call_module', 'flatten', 'conv'),
      node('fc', 'call_module', 'fc', 'flatten'),
      node('output', 'output', 'output', 'fc'),
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
  const conv = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt', fx: JSON.stringify(fx) },
      'conv.weight': { dtype: 'F32', shape: [3, 3, 1, 1], data_offsets: [0, 36] },
      'fc.weight': { dtype: 'F32', shape: [2, 48], data_offsets: [36, 36 + 384] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(conv.buffer), Buffer.from(weight.buffer)]);
}
