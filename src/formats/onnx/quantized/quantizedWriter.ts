import { GraphError } from '../../../graph/errors';
import type { NodeName, ParamName } from '../../../graph/ids';
import type { OpCall } from '../../../graph/op';
import { asFloat, floatTensor } from '../../../graph/tensor';
import { gridQParams } from '../../../quant/quantizeWeight';
import { GraphWriter } from '../writeOps/graphWriter';
import { integerProto, quantizedElement, transposedLevels, weightLevels } from './integerTensors';

type LayerCall = OpCall<'linear'> | OpCall<'conv'> | OpCall<'conv_transpose'>;
type WeightGrid = NonNullable<LayerCall['attrs']['weightGrid']>;

/** The layer being written: its parameters come from integers. */
interface Layer {
  readonly call: LayerCall;
  readonly grid: WeightGrid;
  /** What each row is multiplied by behind the layer; null for nothing. */
  readonly rowFactors: Float32Array | null;
}

/** Where integers and their parameters lie in the graph. */
export interface IntegerValue {
  readonly value: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/**
 * A `GraphWriter` whose layers read their weights through DequantizeLinear. The writers of the float ops stay as they
 * are: within `writeLayer` they are given other values for the same parameters.
 *
 * Biases stay float: that is what the reference form computes with. As int32 they would be rounded to the scale of
 * their layer's sums, which takes the outputs away from the studio's int8 simulation: to 47 dB for the digits, to 32 dB
 * for a ResNet of 8 convolutions. ONNX Runtime 1.30 makes them int32 itself (WeightBiasQuantization) and has its integer
 * kernels all the same; 1.20.1 computed such layers of the digits in float.
 */
export class QuantizedWriter extends GraphWriter {
  private layer: Layer | null = null;
  /** Averages of integers, by the node of the average: what goes back to their grid reads these. */
  readonly averageLevels = new Map<NodeName, string>();

  /** Runs a float op's writer for a layer with its weight on a grid. */
  writeLayer(layer: Layer, write: () => void): void {
    this.layer = layer;
    try {
      write();
    } finally {
      this.layer = null;
    }
  }

  override param(name: ParamName): string {
    const { layer } = this;
    if (layer && name === layer.call.attrs.weight) return this.weight(layer, name, false);
    if (layer && name === layer.call.attrs.bias) return this.bias(layer, name);
    return super.param(name);
  }

  override transposedParam(name: ParamName): string {
    const { layer } = this;
    return layer && name === layer.call.attrs.weight
      ? this.weight(layer, name, true)
      : super.transposedParam(name);
  }

  /** A number or several as a float initializer. */
  scales(key: string, base: string, values: Float32Array): string {
    const shape = values.length === 1 ? [] : [values.length];
    return this.once(key, () => this.ownConstant(base, floatTensor(shape, values)));
  }

  /** Integers as an initializer; the same key gives the same one again. */
  integersOf(
    key: string,
    base: string,
    dims: readonly number[],
    values: () => ArrayLike<number>,
    type: number,
  ) {
    return this.once(key, () => {
      const name = this.freshName(base);
      this.initializers.push(integerProto(name, dims, values(), type));
      return name;
    });
  }

  /** The weight's integers and the DequantizeLinear that reads them. One step may serve several calls of a layer. */
  private weight(layer: Layer, name: ParamName, transpose: boolean): string {
    const { grid, rowFactors } = layer;
    const type = quantizedElement(grid.dtype);
    if (type === undefined)
      throw new GraphError(
        `internal: '${name}' is on a grid of ${grid.dtype}, which ONNX has no 8 bits for.`,
      );
    const form = `${transpose ? 'transposed ' : ''}${name} on ${grid.scale}`;
    const key = `${form}${rowFactors ? ` of ${layer.call.attrs.weight}:${rowFactors.join()}` : ''}`;
    return this.once(`dequantized ${key}`, () => {
      const tensor = asFloat(this.tensor(name), name);
      const qparams = gridQParams(this.model, grid);
      const levels = () => {
        const rows = weightLevels(tensor, qparams, grid);
        return transpose ? transposedLevels(tensor, rows) : rows;
      };
      const dims = transpose ? tensor.shape.toReversed() : tensor.shape;
      const scales = this.rowScales(layer);
      const zeroPoints = Array.from(scales, (_, i) => (qparams[i] ?? qparams[0])?.zeroPoint ?? 0);
      const axis = grid.axis ?? (rowFactors ? 0 : null);
      const inputs = [
        this.integersOf(`levels ${form}`, `${name}_quantized`, dims, levels, type),
        this.scales(`scale ${key}`, `${name}_scale`, scales),
        this.integersOf(
          `zero ${key}`,
          `${name}_zero_point`,
          scales.length === 1 ? [] : [scales.length],
          () => zeroPoints,
          type,
        ),
      ];
      const output = this.freshName(`${name}_dequantized`);
      const along = axis === null ? {} : { axis: { i: transpose ? tensor.shape.length - 1 - axis : axis } };
      this.node('DequantizeLinear', inputs, output, along);
      return output;
    });
  }

  /** The weight's scales, one or one per row, with what each row is multiplied by behind the layer. */
  private rowScales({ grid, rowFactors }: Layer): Float32Array {
    const scales = Float32Array.from(gridQParams(this.model, grid), ({ scale }) => scale);
    return rowFactors
      ? rowFactors.map((factor, row) => factor * (scales[scales.length === 1 ? 0 : row] ?? 1))
      : scales;
  }

  private bias({ rowFactors }: Layer, name: ParamName): string {
    if (!rowFactors) return super.param(name);
    const bias = asFloat(this.tensor(name), name).data.map((value, row) => value * (rowFactors[row] ?? 1));
    return this.ownConstant(`${name}_scaled`, floatTensor([bias.length], bias));
  }

  /** Runs a writer that reads another value for a node than the one that was written for it. */
  withValue(node: NodeName, value: string, write: () => void): void {
    const [own, type] = [this.operand({ kind: 'node', node }), this.elementType(node)];
    this.define(node, value, type);
    write();
    this.define(node, own, type);
  }

  /** The numbers that a constant operand holds; none for a value that is computed. */
  constantsOf(operand: OpCall['operands'][number]): Float32Array {
    if (operand.kind === 'number') return Float32Array.of(operand.value);
    const source = this.index.find(operand.node);
    return source?.op === 'get_attr'
      ? Float32Array.from(this.tensor(source.target).data)
      : new Float32Array(0);
  }
}
