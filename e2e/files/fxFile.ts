/** A node of an FX model file that reads one other node, or none. */
export const fxNode = (name: string, op: string, target: string, input?: string) => ({
  name,
  op,
  target,
  args: input === undefined ? [] : [{ node: input }],
  kwargs: {},
});

/** A float tensor of the file. */
export interface FileTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface FxGraph {
  readonly nodes: readonly object[];
  readonly modules: Readonly<Record<string, object>>;
}

/** An FX model file: safetensors with the graph in its metadata. */
export function fxFile(graph: FxGraph, tensors: Readonly<Record<string, FileTensor>>): Buffer {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const start = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt', fx: JSON.stringify({ version: 1, ...graph }) },
      ...Object.fromEntries(entries),
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = Object.values(tensors).map(({ data: { buffer, byteOffset, byteLength } }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([length, header, ...bytes]);
}
