import { openDataset } from '../../../src/formats/openDataset';
import type { FuzzFile } from '../fuzzFormat';
import { ascii, joined } from '../hostileInput';
import { sources } from '../seedFiles';

/* Files of every format that holds a graph, from what stands in them. */

export const onnx = (bytes: Uint8Array): readonly FuzzFile[] => [{ name: 'net.onnx', bytes }];
export const fx = (bytes: Uint8Array): readonly FuzzFile[] => [
  { name: 'net.safetensors', bytes: new Uint8Array(bytes) },
];
export const json = (value: string | object): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
export const tfjs = (
  layers: readonly object[],
  outputs = 'last',
  weights: readonly object[] = [],
): readonly FuzzFile[] => [
  {
    name: 'model.json',
    bytes: json({
      format: 'layers-model',
      modelTopology: {
        model_config: {
          class_name: 'Functional',
          config: { name: 'net', layers, input_layers: [['x', 0, 0]], output_layers: [[outputs, 0, 0]] },
        },
      },
      weightsManifest: [{ paths: [], weights }],
    }),
  },
];
export const input = {
  class_name: 'InputLayer',
  name: 'x',
  config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'x' },
  inbound_nodes: [],
};
export const relu = (name: string, from: string, config: object = {}) => ({
  class_name: 'ReLU',
  name,
  config: { name, ...config },
  inbound_nodes: [[[from, 0, 0, {}]]],
});

/** With `data` behind the header. */
export function safetensors(header: string, data = new Uint8Array(0)): readonly FuzzFile[] {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return [{ name: 'net.safetensors', bytes: joined(length, ascii(header), data) }];
}

export const openData = (files: readonly FuzzFile[]) => openDataset(sources(files));
