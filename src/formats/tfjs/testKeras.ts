import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { Executor } from '../../exec/executor';
import { nodeName } from '../../graph/ids';
import { type ByteSource, bytesSource } from '../byteSource';
import { Companions } from '../companions';
import { readTfjs } from './read';

/* Models made and run by tfjs-layers itself: the truth for what the reader makes of their files. For tests only. */

export { layers };

export interface SavedModel {
  readonly json: ByteSource;
  readonly weights: Uint8Array;
  readonly shard: ByteSource;
}

/** The files that `model.save` writes: `model.json` and one shard. */
export async function saved(model: layers.LayersModel): Promise<SavedModel> {
  let files: SavedModel | null = null;
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format }) => {
      const parts = Array.isArray(weightData) ? weightData : [weightData ?? new ArrayBuffer(0)];
      const weights = new Uint8Array(await new Blob(parts).arrayBuffer());
      const manifest = [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }];
      const text = JSON.stringify({ format, modelTopology, weightsManifest: manifest });
      files = {
        json: bytesSource(new TextEncoder().encode(text), 'model.json'),
        weights,
        shard: bytesSource(weights, 'group1-shard1of1.bin'),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  if (!files) throw new Error('tfjs-layers saved nothing');
  return files;
}

export const readSaved = async ({ json, shard }: SavedModel) => readTfjs(json, new Companions([shard]));

/** Weights that training could have left: none is 0 or 1 as initializers make them, variances are positive. */
export function scatterWeights(model: layers.LayersModel, seed = 1): void {
  const values = model.getWeights().map((weight, i) => {
    const drawn = tf.randomNormal(weight.shape, 0, 0.5, 'float32', seed + i);
    return model.weights[i]?.name.includes('variance') ? tf.add(tf.abs(drawn), 0.3) : drawn;
  });
  model.setWeights(values);
}

const asList = (value: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(value) ? value : [value]);

/** The largest difference between tfjs-layers' outputs and the reader's graph, relative to the largest output. */
export async function relativeError(
  model: layers.LayersModel,
  inputs: readonly tf.Tensor[],
): Promise<number> {
  const { model: read } = await readSaved(await saved(model));
  const expected = asList(model.predict([...inputs]));
  const names = read.graph.nodes.filter((node) => node.op === 'placeholder').map((node) => node.name);
  const batch = Object.fromEntries(
    inputs.map((input, i) => [
      nodeName(names[i] ?? ''),
      { dtype: 'float32' as const, shape: input.shape, data: Float32Array.from(input.dataSync()) },
    ]),
  );
  const executor = new Executor(read);
  const outputs = executor.run({ inputs: batch, samples: inputs[0]?.shape[0] ?? 1, labels: null });
  const errors = expected.map((want, i) => {
    const got = outputs[i];
    if (!got || got.shape.join() !== want.shape.join())
      throw new Error(`output ${i}: [${got?.shape}] instead of [${want.shape}]`);
    const scale = Math.max(1e-6, tf.max(tf.abs(want)).dataSync()[0] ?? 0);
    return (tf.max(tf.abs(tf.sub(want, got))).dataSync()[0] ?? Number.NaN) / scale;
  });
  executor.dispose();
  return Math.max(...errors);
}
