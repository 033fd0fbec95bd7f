import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { WeightGrid } from '../graph/op';
import { asFloat, type FloatTensor, sizeOf, type Tensor } from '../graph/tensor';
import { gridQParams, weightOnGrid } from '../quant/quantizeWeight';
import { constantBudget } from './constantBudget';
import { upload, uploadLinearWeight } from './values';

/** tfjs has all of the studio's element types in 4 bytes, but for bool. */
const BYTES = 4;
/** Constants up to this size always stay: biases, scales. */
const SMALL_BYTES = 2 ** 18;

const keyOf = (name: ParamName, grid: WeightGrid | undefined): string =>
  grid ? `${name} on ${grid.scale}` : name;

function freeLarge<K>(made: Map<K, tf.Tensor>): void {
  for (const [key, tensor] of made) {
    if (tensor.size * BYTES <= SMALL_BYTES) continue;
    tensor.dispose();
    made.delete(key);
  }
}

/** A model's constants on the device, each uploaded at its first use; they stay as far as the device has room. */
export class ParamStore {
  private readonly uploaded = new Map<ParamName, tf.Tensor>();
  private readonly weights = new Map<string, tf.Tensor2D>();
  private readonly derivations = new Map<string, tf.Tensor>();
  private readonly staysWhole: boolean;

  /** `budget`: bytes of constants that stay. */
  constructor(
    private readonly model: Model,
    budget = constantBudget(),
  ) {
    const elements = Object.values<Tensor>(model.params).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.staysWhole = elements * BYTES <= budget;
  }

  /** Between two nodes: frees the large constants of a model that is beyond the device's room. */
  makeRoom(): void {
    if (this.staysWhole) return;
    freeLarge(this.uploaded);
    freeLarge(this.weights);
    freeLarge(this.derivations);
  }

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

  /** A Linear's weight `[out, in]` as `linear` reads it, on its grid where it has one. */
  weight(name: ParamName, grid?: WeightGrid): tf.Tensor2D {
    const key = keyOf(name, grid);
    const known = this.weights.get(key);
    if (known) return known;
    const { shape, data } = this.onGrid(name, grid);
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length !== 2)
      throw new GraphError(
        `Tensor '${name}' is a Linear's weight and must be 2-D, not [${shape.join(', ')}].`,
      );
    const tensor = tf.keep(uploadLinearWeight(data, rows, columns));
    this.weights.set(key, tensor);
    return tensor;
  }

  /** The constant on the host, which must be float32. */
  float(name: ParamName): FloatTensor {
    return asFloat(this.model.params[name], name);
  }

  /** A float32 constant in another form, made at its first use. `form` tells forms of one constant apart. */
  derived(
    name: ParamName,
    form: string,
    make: (tensor: FloatTensor) => tf.Tensor,
    grid?: WeightGrid,
  ): tf.Tensor {
    const key = `${form}: ${keyOf(name, grid)}`;
    const known = this.derivations.get(key);
    if (known) return known;
    const tensor = tf.keep(make(this.onGrid(name, grid)));
    this.derivations.set(key, tensor);
    return tensor;
  }

  private onGrid(name: ParamName, grid: WeightGrid | undefined): FloatTensor {
    const weight = this.float(name);
    return grid ? weightOnGrid(weight, gridQParams(this.model, grid), grid) : weight;
  }

  dispose(): void {
    const made = [this.uploaded, this.weights, this.derivations].flatMap((map) => [...map.values()]);
    for (const tensor of made) tensor.dispose();
    this.uploaded.clear();
    this.weights.clear();
    this.derivations.clear();
  }
}
