import { clearField, create } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { isLazy } from '../../../graph/lazyTensor';
import type { FloatTensor } from '../../../graph/tensor';
import { type Deferred, deferFloats, loadedProto } from '../file/deferred';
import { floatProto } from '../file/tensorWrite';
import { valueInfo } from '../file/valueInfo';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../gen/onnx_pb';
import { countReads } from '../reader/readCounts';

/** Before this IR version every initializer must also be listed as an input of the graph. */
const FREE_INITIALIZERS = 4n;

/** A graph of an ONNX file under edit. Node indices stay those of the file until `finish`. */
export class PatchedGraph {
  private readonly reads: Map<string, number>;
  private readonly taken: Set<string>;
  private readonly dropped = new Set<number>();
  private readonly insertions: { readonly before: number; readonly node: NodeProto }[] = [];

  constructor(
    private readonly graph: GraphProto,
    private readonly irVersion: bigint,
    private readonly deferred: Deferred = new Map(),
  ) {
    this.reads = new Map(countReads(graph));
    this.taken = new Set([
      ...graph.node.flatMap((node) => [node.name, ...node.input, ...node.output]),
      ...graph.initializer.map((tensor) => tensor.name),
      ...[...graph.input, ...graph.output].map((value) => value.name),
    ]);
  }

  /** A name that neither a value nor a node has: `base`, `base_1`, … */
  freshName(base: string): string {
    let name = base;
    for (let number = 1; this.taken.has(name); number++) name = `${base}_${number}`;
    this.taken.add(name);
    return name;
  }

  node(index: number): NodeProto {
    const node = this.graph.node[index];
    if (!node) throw new GraphError(`internal: the ONNX file has no node ${index}.`);
    return node;
  }

  /** Every place where a node of the file reads a value. */
  readersOf(value: string): readonly { readonly index: number; readonly input: number }[] {
    return this.graph.node.flatMap((node, index) =>
      node.input.flatMap((name, input) => (name === value ? [{ index, input }] : [])),
    );
  }

  /** A float tensor of the IR in the file's type; of a lazy one the values are made when the file is written. */
  floats(name: string, tensor: FloatTensor, elementType: number): TensorProto {
    return isLazy(tensor)
      ? deferFloats(this.deferred, name, tensor, elementType)
      : floatProto(name, tensor.shape, tensor.data, elementType);
  }

  addInitializer(tensor: TensorProto): void {
    this.graph.initializer.push(tensor);
    if (this.irVersion >= FREE_INITIALIZERS) return;
    this.graph.input.push(valueInfo(tensor.name, tensor.dims.map(Number), tensor.dataType));
  }

  /**
   * Gives an input of a node another constant. The constant is replaced where it stands when nothing else reads it;
   * otherwise the node gets one of its own, named after `base`. `make` gets the name to use.
   */
  replaceConstant(
    at: { index: number; input: number },
    base: string,
    make: (name: string) => TensorProto,
  ): void {
    const node = this.node(at.index);
    const value = node.input[at.input] ?? '';
    const reads = this.reads.get(value) ?? 0;
    if (reads === 1 && this.replaceInPlace(value, make)) return;
    // The last of several readers may take the place of the constant they shared.
    this.reads.set(value, reads - 1);
    const tensor = make(this.freshName(base));
    this.addInitializer(tensor);
    node.input[at.input] = tensor.name;
  }

  private replaceInPlace(value: string, make: (name: string) => TensorProto): boolean {
    const initializer = this.graph.initializer.find((tensor) => tensor.name === value);
    if (initializer) {
      const tensor = make(value);
      // A constant that is also listed as an input has its shape stated there.
      const listed = this.graph.input.some((input) => input.name === value);
      if (listed && initializer.dims.join() !== tensor.dims.join()) return false;
      this.setValues(initializer, tensor);
      return true;
    }
    const constant = this.graph.node.find((node) => node.opType === 'Constant' && node.output[0] === value);
    if (!constant) return false;
    const tensor = constant.attribute.find((attribute) => attribute.name === 'value')?.t;
    if (tensor) setValues(tensor, this.loaded(make(value)));
    // `value_float` or `value_floats`: forms without a shape, which the new values need.
    else constant.attribute = [tensorAttribute(this.loaded(make(value)))];
    return true;
  }

  /** For attributes, which have their values with them. */
  private loaded(made: TensorProto): TensorProto {
    const tensor = loadedProto(made, this.deferred);
    this.deferred.delete(made);
    return tensor;
  }

  /** Values of an initializer, in its TensorProto or deferred as the new ones are. */
  private setValues(old: TensorProto, made: TensorProto): void {
    const data = this.deferred.get(made);
    this.deferred.delete(made);
    this.deferred.delete(old);
    setValues(old, made);
    if (!data) return;
    clearField(old, TensorProtoSchema.field.rawData);
    this.deferred.set(old, data);
  }

  /** Makes a node read `to` where it read `from`; false when it does not read `from`. */
  rewire(index: number, from: string, to: string): boolean {
    const node = this.node(index);
    if (!node.input.includes(from)) return false;
    node.input = node.input.map((input) => (input === from ? to : input));
    return true;
  }

  insertMul(before: number, inputs: readonly [string, string], output: string): void {
    this.insertNode(before, 'Mul', inputs, output);
  }

  private insertNode(before: number, opType: string, input: readonly string[], output: string): void {
    const node = create(NodeProtoSchema, { opType, name: output, input: [...input], output: [output] });
    this.insertions.push({ before, node });
  }

  /** The node gives its output to a Mul and an Add by these constants, which stand behind it and make the value it made. */
  scaleBehind(index: number, factor: string, summand: string): void {
    const node = this.node(index);
    const [value = ''] = node.output;
    const [normal, scaled] = [this.freshName(`${value}_normal`), this.freshName(`${value}_scaled`)];
    node.output[0] = normal;
    this.insertNode(index + 1, 'Mul', [normal, factor], scaled);
    this.insertNode(index + 1, 'Add', [scaled, summand], value);
  }

  /** Another op in the place of a node, under its name and making its first output; constants that nothing reads now go. */
  replaceNode(index: number, opType: string, inputs: readonly string[]): void {
    const node = this.node(index);
    for (const value of node.input) this.reads.set(value, (this.reads.get(value) ?? 0) - 1);
    for (const value of inputs) this.reads.set(value, (this.reads.get(value) ?? 0) + 1);
    const gone = new Set(node.input.filter((value) => (this.reads.get(value) ?? 0) <= 0));
    Object.assign(node, { opType, input: [...inputs], output: node.output.slice(0, 1), attribute: [] });
    const listed = new Set(this.graph.input.map(({ name }) => name));
    this.graph.initializer = this.graph.initializer.filter(({ name }) => !gone.has(name) || listed.has(name));
    this.graph.node.forEach((other, at) => {
      if (other.opType === 'Constant' && gone.has(other.output[0] ?? '')) this.dropped.add(at);
    });
  }

  /** Puts the inserted nodes in their places, in the order in which they were inserted. */
  finish(): void {
    const insertedAt = (index: number) =>
      this.insertions.filter(({ before }) => before === index).map(({ node }) => node);
    const nodes = this.graph.node.flatMap((node, index) => [
      ...insertedAt(index),
      ...(this.dropped.has(index) ? [] : [node]),
    ]);
    this.graph.node = [...nodes, ...insertedAt(this.graph.node.length)];
  }
}

const tensorAttribute = (t: TensorProto) =>
  create(AttributeProtoSchema, { name: 'value', type: AttributeType.TENSOR, t });

/** Gives the old tensor new values; its name and everything else the file says of it stay. */
function setValues(old: TensorProto, { dims, dataType, rawData }: TensorProto): void {
  Object.assign(old, { dims, dataType, rawData, floatData: [], int32Data: [], doubleData: [] });
}
