import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { asFloat, type FloatTensor, type Tensor } from '../graph/tensor';
import { transposeMatrix, upload } from './values';

/** A model's constants on the device, each uploaded at its first use. */
export class ParamStore {
  private readonly uploaded = new Map<ParamName, tf.Tensor>();
  private readonly weights = new Map<ParamName, tf.Tensor2D>();
  private readonly derivations = new Map<string, tf.Tensor>();

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

  /** The constant on the host, which must be float32. */
  float(name: ParamName): FloatTensor {
    return asFloat(this.model.params[name], name);
  }

  /** A float32 constant in another form, made at its first use. `form` tells forms of one constant apart. */
  derived(name: ParamName, form: string, make: (tensor: FloatTensor) => tf.Tensor): tf.Tensor {
    const key = `${form}: ${name}`;
    const known = this.derivations.get(key);
    if (known) return known;
    const tensor = tf.keep(make(this.float(name)));
    this.derivations.set(key, tensor);
    return tensor;
  }

  dispose(): void {
    const made = [this.uploaded, this.weights, this.derivations].flatMap((map) => [...map.values()]);
    for (const tensor of made) tensor.dispose();
    this.uploaded.clear();
    this.weights.clear();
    this.derivations.clear();
  }
}
