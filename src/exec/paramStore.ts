import type * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { WeightGrid } from '../graph/op';
import { partsOf, scaledRowsOf } from '../graph/scaledRows';
import { asFloat, type FloatTensor, type Tensor } from '../graph/tensor';
import { gridQParams, weightOnGrid } from '../quant/quantizeWeight';
import { hasRowProduct } from '../wasm/rowProduct/rowProduct';
import { canScaleRows, scaledRows } from '../wasm/scaledRows';
import { constantBudget } from './constantBudget';
import {
  bytesOnDevice,
  type ConstantLease,
  isLargeConstant,
  leaseConstant,
  ownConstant,
} from './deviceConstants';
import { upload, uploadLinearWeight } from './values';

const keyOf = (name: ParamName, grid: WeightGrid | undefined): string =>
  grid ? `${name} on ${grid.scale}` : name;

/** A model's constants on the device, each uploaded at its first use; they stay as far as the device has room. */
export class ParamStore {
  private readonly leases = new Map<string, ConstantLease>();
  private readonly staysWhole: boolean;

  /** `budget`: bytes of constants that stay. */
  constructor(
    private readonly model: Model,
    budget = constantBudget(),
  ) {
    const bytes = Object.values<Tensor>(model.params).reduce((sum, tensor) => sum + bytesOnDevice(tensor), 0);
    this.staysWhole = bytes <= budget;
  }

  /** Between two nodes: frees the large constants of a model that is beyond the device's room. */
  makeRoom(): void {
    if (this.staysWhole) return;
    for (const [key, lease] of this.leases) {
      if (!isLargeConstant(lease.tensor)) continue;
      lease.end(false);
      this.leases.delete(key);
    }
  }

  /** The constant on the host; a GraphError when the model lacks it. */
  host(name: ParamName): Tensor {
    const tensor = this.model.params[name];
    if (!tensor) throw new GraphError(`Tensor '${name}' is missing.`);
    return tensor;
  }

  /** The constant as it is. */
  get(name: ParamName): tf.Tensor {
    return this.leased(`as it is: ${name}`, () => {
      const tensor = this.host(name);
      return leaseConstant(tensor, 'as it is', () => upload(tensor));
    });
  }

  /** A Linear's weight `[out, in]` as `linear` reads it, on its grid where it has one. */
  weight(name: ParamName, grid?: WeightGrid): tf.Tensor2D {
    const tensor = this.leased(`weight: ${keyOf(name, grid)}`, () => {
      const weight = this.float(name);
      checkMatrix(name, weight);
      if (grid) return ownConstant(weight, () => linearWeight(this.onGrid(weight, grid)));
      return leaseConstant(weight, 'weight', () =>
        // Of a model beyond the device's room, two large ones at once are one too many.
        this.staysWhole ? scaledOnDevice(weight) : linearWeight(weight),
      );
    });
    return tensor as tf.Tensor2D;
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
    return this.leased(`${form}: ${keyOf(name, grid)}`, () => {
      const tensor = this.float(name);
      return ownConstant(tensor, () => make(this.onGrid(tensor, grid)));
    });
  }

  private leased(key: string, lease: () => ConstantLease): tf.Tensor {
    const known = this.leases.get(key) ?? lease();
    this.leases.set(key, known);
    return known.tensor;
  }

  private onGrid(weight: FloatTensor, grid: WeightGrid | undefined): FloatTensor {
    return grid ? weightOnGrid(weight, gridQParams(this.model, grid), grid) : weight;
  }

  dispose(): void {
    for (const lease of this.leases.values()) lease.end(this.staysWhole);
    this.leases.clear();
  }
}

function checkMatrix(name: ParamName, { shape }: FloatTensor): void {
  if (shape.length !== 2)
    throw new GraphError(`Tensor '${name}' is a Linear's weight and must be 2-D, not [${shape.join(', ')}].`);
}

const linearWeight = ({ shape: [rows = 0, columns = 0], data }: FloatTensor): tf.Tensor2D =>
  uploadLinearWeight(data, rows, columns);

/** A weight whose rows are another's, scaled, is made of that one on the device where it can be: it leaves no data on the host. */
function scaledOnDevice(weight: FloatTensor): tf.Tensor2D {
  const recipe = scaledRowsOf(weight);
  const [rows = 0, columns = 0] = weight.shape;
  if (!recipe || !hasRowProduct() || !canScaleRows(columns)) return linearWeight(weight);
  const { origin, scalings } = recipe;
  const lease = leaseConstant(origin, 'weight', () => linearWeight(origin));
  try {
    return scaledRows(lease.tensor as tf.Tensor2D, partsOf(scalings, rows, columns));
  } finally {
    lease.end();
  }
}
