import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { asFloat, type Tensor } from '../graph/tensor';
import { transposeMatrix, upload } from './values';

/** A model's constants on the device, each uploaded at its first use. */
export class ParamStore {
  private readonly uploaded = new Map<ParamName, tf.Tensor>();
  private readonly weights = new Map<ParamName, tf.Tensor2D>();

  constructor(private readonly model: Model) {}

  /** The constant on the host; a GraphError when the model lacks it. */
  host(name: ParamName): Tensor {
    const tensor = this.model.params[name];
    if (!tensor) throw new GraphError(`Tensor '${name}' is missing.`);
    return tensor;
  }

  /** The constant as it is. */
  get(name: ParamName): tf.Tensor {
    const known = this.uploaded.get(name);
    if (known) return known;
    const tensor = tf.keep(upload(this.host(name)));
    this.uploaded.set(name, tensor);
    return tensor;
  }

  /** A Linear's weight `[out, in]` as `[in, out]`. */
  weight(name: ParamName): tf.Tensor2D {
    const known = this.weights.get(name);
    if (known) return known;
    const { shape, data } = asFloat(this.model.params[name], name);
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length !== 2)
      throw new GraphError(
        `Tensor '${name}' is a Linear's weight and must be 2-D, not [${shape.join(', ')}].`,
      );
    const tensor = tf.keep(tf.tensor2d(transposeMatrix(data, rows, columns), [columns, rows]));
    this.weights.set(name, tensor);
    return tensor;
  }

  dispose(): void {
    for (const tensor of [...this.uploaded.values(), ...this.weights.values()]) tensor.dispose();
    this.uploaded.clear();
    this.weights.clear();
  }
}
