import { create } from '@bufbuild/protobuf';
import type { Tensor } from '../../../graph/tensor';
import { FormatError } from '../../errors';
import { type Deferred, loadedProto, readTensorLazily } from '../file/deferred';
import { ELEMENT } from '../file/elementTypes';
import { isDefaultDomain } from '../file/modelProto';
import { readNumbers, tensorShape } from '../file/tensorProto';
import { type GraphProto, type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';
import { OnnxNode } from './onnxNode';

const scalarOrList = (dims: readonly number[], dataType: number, values: readonly (number | bigint)[]) =>
  create(TensorProtoSchema, {
    dims: dims.map(BigInt),
    dataType,
    ...(dataType === ELEMENT.FLOAT ? { floatData: values.map(Number) } : { int64Data: values.map(BigInt) }),
  });

/** The value of a Constant node, whichever of its attributes holds it (ONNX's Constant, opset 1, 11, 12). */
export function constantNodeValue(node: OnnxNode): TensorProto {
  const value = node.attribute('value');
  if (value?.t) return value.t;
  const float = node.attribute('value_float');
  if (float) return scalarOrList([], ELEMENT.FLOAT, [float.f]);
  const floats = node.attribute('value_floats');
  if (floats) return scalarOrList([floats.floats.length], ELEMENT.FLOAT, floats.floats);
  const int = node.attribute('value_int');
  if (int) return scalarOrList([], ELEMENT.INT64, [int.i]);
  const ints = node.attribute('value_ints');
  if (ints) return scalarOrList([ints.ints.length], ELEMENT.INT64, ints.ints);
  return node.fail(
    `holds no numeric tensor: it has ${node.proto.attribute.map((a) => `'${a.name}'`).join(', ') || 'no attribute'}; ` +
      'value, value_float, value_floats, value_int or value_ints is needed.',
  );
}

/** Shape and ONNX element type of a constant. */
export interface ConstantKind {
  readonly shape: readonly number[];
  readonly elementType: number;
}

/**
 * The constants of a graph by value name: initializers, the outputs of Constant nodes, and of Identity nodes that
 * read a constant (PyTorch writes shared weights so) or Casts to the type it has (and the shapes of old Reshapes).
 * Tensors are read on first use and kept, those whose values stay in a file as lazy tensors.
 */
export class Constants {
  private readonly nodes = new Set<number>();
  private readonly protos = new Map<string, TensorProto>();
  private readonly tensors = new Map<TensorProto, Tensor>();
  private readonly computed: Map<string, ConstantKind>;

  /** `folded`: what an earlier reading of the graph computed of its constants. */
  constructor(
    graph: GraphProto,
    private readonly file: string,
    private readonly deferred: Deferred = new Map(),
    folded: ReadonlyMap<string, ConstantKind> = new Map(),
  ) {
    this.computed = new Map(folded);
    if (graph.sparseInitializer.length > 0)
      throw new FormatError(
        file,
        `the model has ${graph.sparseInitializer.length} sparse initializers, first '${graph.sparseInitializer[0]?.values?.name ?? ''}'; the studio reads dense ones.`,
      );
    for (const tensor of graph.initializer) this.add(tensor.name, tensor);
    graph.node.forEach((proto, index) => {
      if (!isDefaultDomain(proto.domain)) return;
      const node = new OnnxNode(proto, index, file);
      const value = this.valueOf(node);
      if (!value) return;
      this.add(node.output, value);
      this.nodes.add(index);
    });
  }

  private add(value: string, tensor: TensorProto): void {
    if (this.protos.has(value))
      throw new FormatError(this.file, `two initializers or constants are named '${value}'.`);
    this.protos.set(value, tensor);
  }

  private valueOf(node: OnnxNode): TensorProto | undefined {
    const { opType } = node.proto;
    if (opType === 'Constant') return constantNodeValue(node);
    if (opType !== 'Identity' && opType !== 'Cast') return undefined;
    const source = this.protos.get(node.input(0));
    return opType === 'Identity' || source?.dataType === node.int('to', 0) ? source : undefined;
  }

  /** A value that was computed while reading. */
  fold(value: string, tensor: TensorProto): void {
    this.add(value, tensor);
    this.computed.set(value, { shape: tensorShape(tensor, this.file), elementType: tensor.dataType });
  }

  /** The values that were computed while reading. */
  get folded(): ReadonlyMap<string, ConstantKind> {
    return this.computed;
  }

  /** True for a node whose output is a constant here, so that it needs no node in the IR. */
  isConstantNode(index: number): boolean {
    return this.nodes.has(index);
  }

  has(value: string): boolean {
    return this.protos.has(value);
  }

  /** What a constant is, without reading its values; undefined for a value that is none. */
  describe(value: string): ConstantKind | undefined {
    const proto = this.protos.get(value);
    return proto
      ? { shape: tensorShape(proto, this.file), elementType: proto.dataType }
      : this.computed.get(value);
  }

  tensor(value: string): Tensor {
    const proto = this.get(value);
    const known = this.tensors.get(proto);
    if (known) return known;
    const tensor = readTensorLazily(proto, this.deferred, this.file);
    this.tensors.set(proto, tensor);
    return tensor;
  }

  /** The values of a small constant (a shape, a flag) as numbers. */
  numbers(value: string): readonly number[] {
    return readNumbers(loadedProto(this.get(value), this.deferred), this.file);
  }

  private get(value: string): TensorProto {
    const proto = this.protos.get(value);
    if (!proto) throw new FormatError(this.file, `internal: '${value}' is not a constant.`);
    return proto;
  }
}
