import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTensor, fxFile, fxNode } from '../../files/fxFile';
import { npyFile, randomSource } from '../../files/npy';

/** Twelve Linear layers 768 → 3072 → 768 → …, a ReLU behind each that widens. */
export const MLP = { width: 768, hidden: 3072, pairs: 6, rows: 256, batch: 64 } as const;

const randomTensor = (shape: readonly number[], scale: number, random: () => number): FileTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (2 * random() - 1) * scale),
});

function layers() {
  return Array.from({ length: 2 * MLP.pairs }, (_, i) => {
    const isWide = i % 2 === 0;
    const [inFeatures, outFeatures] = isWide ? [MLP.width, MLP.hidden] : [MLP.hidden, MLP.width];
    return { name: `fc${i}`, relu: isWide ? `relu${i}` : null, inFeatures, outFeatures };
  });
}

/** The model as an FX file and rows for it, in a folder; 113 MB of weights. */
export function writeMlp(folder: string): { readonly model: string; readonly data: string } {
  const random = randomSource(768);
  const nodes: object[] = [fxNode('x', 'placeholder', 'x')];
  const modules: Record<string, object> = {};
  const tensors: Record<string, FileTensor> = {};
  let last = 'x';
  for (const { name, relu, inFeatures, outFeatures } of layers()) {
    nodes.push(fxNode(name, 'call_module', name, last));
    modules[name] = {
      type: 'torch.nn.Linear',
      attrs: { in_features: inFeatures, out_features: outFeatures, bias: true },
    };
    tensors[`${name}.weight`] = randomTensor([outFeatures, inFeatures], 1 / Math.sqrt(inFeatures), random);
    tensors[`${name}.bias`] = randomTensor([outFeatures], 0.05, random);
    last = name;
    if (relu === null) continue;
    nodes.push(fxNode(relu, 'call_module', relu, name));
    modules[relu] = { type: 'torch.nn.ReLU', attrs: {} };
    last = relu;
  }
  nodes.push(fxNode('output', 'output', 'output', last));
  writeFileSync(join(folder, 'mlp.safetensors'), fxFile({ nodes, modules }, tensors));
  const rows = randomTensor([MLP.rows, MLP.width], 3, random);
  writeFileSync(join(folder, 'mlp.npy'), npyFile(rows.shape, rows.data));
  return { model: 'mlp.safetensors', data: 'mlp.npy' };
}
