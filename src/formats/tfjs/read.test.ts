import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { paramName } from '../../graph/ids';
import { bytesSource } from '../byteSource';
import { Companions, MissingFilesError } from '../companions';
import { openModel } from '../openModel';
import { readTfjs } from './read';
import { layers as k, type SavedModel, saved, scatterWeights } from './testKeras';

beforeAll(() => openTestDevice('cpu'));

const json = (value: unknown, name = 'model.json') =>
  bytesSource(new TextEncoder().encode(JSON.stringify(value)), name);
const textOf = async ({ json: source }: SavedModel) =>
  JSON.parse(new TextDecoder().decode(await source.read(0, source.size)));

function twoLayers(): k.LayersModel {
  const model = k.sequential({
    layers: [
      k.layers.dense({ units: 6, inputShape: [4], name: 'fc1', activation: 'relu' }),
      k.layers.dense({ units: 3, name: 'fc2' }),
    ],
  });
  scatterWeights(model);
  return model;
}

const fc1 = (weight: string) => paramName(`fc1.${weight}`);

describe('files of a layers model', () => {
  it('opens among its companions; a weight may lie in two shards', async () => {
    const files = await saved(twoLayers());
    const text = await textOf(files);
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    text.weightsManifest[0].paths = paths;
    const shards = [files.weights.subarray(0, 50), files.weights.subarray(50)].map((bytes, i) =>
      bytesSource(bytes, paths[i] ?? ''),
    );
    const opened = await openModel([...shards, json(text)]);
    expect(opened).toMatchObject({ format: 'tfjs', notes: [], unused: [] });
    const whole = await readTfjs(files.json, new Companions([files.shard]));
    expect(opened.model.params).toEqual(whole.model.params);
    expect(opened.model.params[fc1('weight')]?.shape).toEqual([6, 4]);
  });

  it('names every shard that did not come', async () => {
    const text = await textOf(await saved(twoLayers()));
    text.weightsManifest[0].paths = ['a.bin', 'b.bin'];
    const failed = openModel([json(text)]);
    await expect(failed).rejects.toThrow(MissingFilesError);
    await expect(failed).rejects.toThrow(/'a.bin', 'b.bin'/);
  });

  it('refuses a shard that is too short, by the weight at fault', async () => {
    const files = await saved(twoLayers());
    const cut = bytesSource(files.weights.subarray(0, 100), 'group1-shard1of1.bin');
    await expect(readTfjs(files.json, new Companions([cut]))).rejects.toThrow(
      /weight 'fc1\/bias' should end at byte 120/,
    );
  });

  it.each(['uint8', 'uint16'] as const)(
    'reads weights quantized to %s as value · scale + min',
    async (dtype) => {
      const files = await saved(twoLayers());
      const text = await textOf(files);
      const count = files.weights.length / 4;
      const stored = dtype === 'uint8' ? new Uint8Array(count) : new Uint16Array(count);
      stored.forEach((_, i) => {
        stored[i] = i;
      });
      for (const entry of text.weightsManifest[0].weights)
        Object.assign(entry, { quantization: { dtype, min: -1, scale: 0.5, original_dtype: 'float32' } });
      const shard = bytesSource(new Uint8Array(stored.buffer), 'group1-shard1of1.bin');
      const { model } = await readTfjs(json(text), new Companions([shard]));
      // The kernel [4, 6] holds 0 … 23, its transpose begins with 0, 6, 12.
      expect([...(model.params[fc1('weight')]?.data.slice(0, 3) ?? [])]).toEqual([-1, 2, 5]);
      expect([...(model.params[fc1('bias')]?.data.slice(0, 2) ?? [])]).toEqual([11, 11.5]);
    },
  );

  it('reads float16 weights', async () => {
    const files = await saved(twoLayers());
    const text = await textOf(files);
    const half = new Uint16Array(files.weights.length / 4).fill(0x3e00);
    for (const entry of text.weightsManifest[0].weights)
      Object.assign(entry, { quantization: { dtype: 'float16', original_dtype: 'float32' } });
    const shard = bytesSource(new Uint8Array(half.buffer), 'group1-shard1of1.bin');
    const { model } = await readTfjs(json(text), new Companions([shard]));
    expect(new Set(model.params[fc1('weight')]?.data)).toEqual(new Set([1.5]));
  });
});

describe('topologies of Keras', () => {
  it("is read in the converter's wrapping, and with calls as Keras 3 writes them", async () => {
    const input = k.input({ shape: [4], name: 'x' });
    const output = k.layers.dense({ units: 2, name: 'fc1' }).apply(input);
    if (Array.isArray(output) || output instanceof tf.Tensor) throw new Error('symbolic');
    const files = await saved(k.model({ inputs: input, outputs: output }));
    const text = await textOf(files);
    const { class_name, config } = text.modelTopology;
    const tensor = {
      class_name: '__keras_tensor__',
      config: { shape: [null, 4], dtype: 'float32', keras_history: ['x', 0, 0] },
    };
    config.layers[1].inbound_nodes = [{ args: [tensor], kwargs: {} }];
    config.layers[0].config = { batch_shape: [null, 4], name: 'x' };
    Object.assign(config, { input_layers: ['x', 0, 0], output_layers: ['fc1', 0, 0] });
    const modelTopology = { keras_version: '3.0', model_config: { class_name: 'Functional', config } };
    expect(class_name).toBe('Model');
    const { model } = await readTfjs(json({ ...text, modelTopology }), new Companions([files.shard]));
    expect(model.graph.nodes.map(({ name }) => name)).toEqual(['x', 'fc1', 'output']);
  });

  it('refuses graph models with the way out', async () => {
    const graph = json({ format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] });
    await expect(openModel([graph])).rejects.toThrow(/graph model.*tf2onnx/);
  });

  it('refuses JSON that is no model', async () => {
    await expect(openModel([json({ a: 1 }, 'a.json')])).rejects.toThrow(
      /a.json: is JSON, but no TensorFlow.js model/,
    );
    await expect(openModel([bytesSource(new TextEncoder().encode('{"a":'), 'b.json')])).rejects.toThrow(
      /not JSON/,
    );
  });

  it('refuses recurrent layers by class and name', async () => {
    const model = k.sequential({
      layers: [
        k.layers.lstm({ units: 3, inputShape: [5, 4], name: 'memory', recurrentInitializer: 'zeros' }),
      ],
    });
    const { json: text, shard } = await saved(model);
    await expect(openModel([text, shard])).rejects.toThrow(/LSTM.*memory/s);
  });

  it('refuses two weights of one name', async () => {
    const files = await saved(twoLayers());
    const text = await textOf(files);
    text.weightsManifest[0].weights[1].name = 'fc1/kernel';
    await expect(openModel([json(text), files.shard])).rejects.toThrow(/two weights named 'fc1\/kernel'/);
  });

  it('refuses a layer whose weights are not in the manifest, by name', async () => {
    const files = await saved(twoLayers());
    const text = await textOf(files);
    text.weightsManifest[0].weights[0].name = 'other/kernel';
    await expect(openModel([json(text), files.shard])).rejects.toThrow(
      /layer 'fc1' \(Dense\) has no weight 'kernel'/,
    );
  });
});
