import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTensor, fxFile, fxNode } from '../../files/fxFile';
import { npyFile, randomSource } from '../../files/npy';

/** Pairs of `Linear(columns, 64)`, ReLU, `Linear(64, columns)`, and rows for them: what grows, one at a time. */
export interface Blocks {
  readonly rows: number;
  readonly columns: number;
  readonly layers: number;
}

const INNER = 64;

export function writeBlocks(folder: string, { rows, columns, layers }: Blocks) {
  const random = randomSource(1);
  const tensor = (shape: readonly number[]): FileTensor => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (random() - 0.5) / 4),
  });
  const nodes: object[] = [fxNode('x', 'placeholder', 'x')];
  const modules: Record<string, object> = {};
  const tensors: Record<string, FileTensor> = {};
  let last = 'x';
  for (let i = 0; i < layers; i++) {
    const [inFeatures, outFeatures] = i % 2 === 0 ? [columns, INNER] : [INNER, columns];
    const attrs = { in_features: inFeatures, out_features: outFeatures, bias: false };
    const name = `fc${i}`;
    nodes.push(fxNode(name, 'call_module', name, last));
    modules[name] = { type: 'torch.nn.Linear', attrs };
    tensors[`${name}.weight`] = tensor([outFeatures, inFeatures]);
    last = name;
  }
  nodes.push(fxNode('output', 'output', 'output', last));
  const name = `blocks-${rows}-${columns}-${layers}`;
  writeFileSync(join(folder, `${name}.safetensors`), fxFile({ nodes, modules }, tensors));
  const data = tensor([rows, columns]);
  writeFileSync(join(folder, `${name}.npy`), npyFile(data.shape, data.data));
  return { model: `/${name}.safetensors`, data: `/${name}.npy` };
}
