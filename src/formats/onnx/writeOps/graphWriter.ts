import { create } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { GraphIndex } from '../../../graph/graph';
import type { NodeName, ParamName } from '../../../graph/ids';
import { type InferredValues, inferValues } from '../../../graph/inferShapes';
import { computedTensor, isLazy } from '../../../graph/lazyTensor';
import type { Model } from '../../../graph/model';
import type { Node } from '../../../graph/node';
import type { OpCall, Operand, OpName } from '../../../graph/op';
import type { Shape } from '../../../graph/shape';
import type { Extent, SizeValue } from '../../../graph/sizes';
import { asFloat, floatTensor, type Tensor } from '../../../graph/tensor';
import { type Deferred, deferFloats } from '../file/deferred';
import { ELEMENT } from '../file/elementTypes';
import { elementTypeOf, int64Proto, tensorProto } from '../file/tensorWrite';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
} from '../gen/onnx_pb';
import { transposed } from '../matrix';

type WrittenAttribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly t: TensorProto }
  | { readonly ints: readonly number[] };

/** Attributes by name; which type of number an attribute holds, ONNX fixes per op. */
export type WrittenAttributes = Readonly<Record<string, WrittenAttribute>>;

/** Writes one call of an op, whose value gets the name `output`. */
export type OpWriter<O extends OpName> = (
  writer: GraphWriter,
  call: OpCall<O>,
  output: string,
  node: Node,
) => void;

/** Collects the nodes and initializers of a new ONNX graph. A value is named after the IR node that makes it. */
export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Values of large ones, made when the file is written. */
  readonly deferred: Deferred = new Map();
  readonly index: GraphIndex;
  private readonly inferred: InferredValues;
  private readonly taken: Set<string>;
  /** Names of values already written, by what they are: a parameter (and form), a size. */
  private readonly written = new Map<string, string>();
  private readonly values = new Map<NodeName, string>();
  private readonly elementTypes = new Map<NodeName, number>();
  /** Writers of sizes as scalars, called where arithmetic on tensors reads one. */
  private readonly scalars = new Map<NodeName, () => string>();

  constructor(readonly model: Model) {
    this.index = new GraphIndex(model.graph);
    this.inferred = inferValues(model);
    this.taken = new Set(model.graph.nodes.filter((n) => n.op !== 'get_attr').map((n) => n.name));
  }

  shape(node: NodeName): Shape {
    return this.inferred.shapes.get(node) ?? null;
  }

  /** What a `size` node gives, as far as it is the same for every input. */
  size(node: NodeName): SizeValue | null {
    return this.inferred.sizes.get(node) ?? null;
  }

  /** The shape of a call's first operand. */
  inputShape({ operands: [x] }: OpCall): Shape {
    return x?.kind === 'node' ? this.shape(x.node) : [];
  }

  /** ONNX's element type of a node's value. */
  elementType(node: NodeName): number {
    return this.elementTypes.get(node) ?? ELEMENT.FLOAT;
  }

  /** Says which ONNX value holds a node's value. */
  define(node: NodeName, value: string, elementType: number): void {
    this.values.set(node, value);
    this.elementTypes.set(node, elementType);
  }

  /** Says how a size becomes an operand of arithmetic on tensors. */
  defineScalar(node: NodeName, write: () => string): void {
    this.scalars.set(node, write);
  }

  /** The value of an operand; a plain number becomes a scalar initializer. */
  operand(operand: Operand): string {
    if (operand.kind === 'number')
      return this.constant(`constant:${operand.value}`, 'constant', () =>
        floatTensor([], Float32Array.of(operand.value)),
      );
    const value = this.scalars.get(operand.node)?.() ?? this.values.get(operand.node);
    if (value === undefined)
      throw new GraphError(`internal: '${operand.node}' is not written yet.`, operand.node);
    return value;
  }

  operands(call: OpCall): readonly string[] {
    return call.operands.map((operand) => this.operand(operand));
  }

  /** A parameter as an initializer of its own name. */
  param(name: ParamName): string {
    return this.constant(`param:${name}`, name, () => this.tensor(name));
  }

  /** A Linear's weight `[out, in]` as MatMul takes it, `[in, out]`. */
  transposedParam(name: ParamName): string {
    return this.constant(`transposed:${name}`, name, () => transposed(asFloat(this.tensor(name), name)));
  }

  /** A float parameter with its values in another shape. */
  reshapedParam(name: ParamName, shape: readonly number[]): string {
    return this.constant(`[${shape.join()}]:${name}`, name, () => {
      const tensor = asFloat(this.tensor(name), name);
      return computedTensor(shape, [tensor], () => tensor.data);
    });
  }

  /** An initializer that is no parameter of the model. */
  ownConstant(base: string, tensor: Tensor): string {
    const name = this.freshName(base);
    const isDeferred = isLazy(tensor) && tensor.dtype === 'float32';
    this.initializers.push(
      isDeferred
        ? deferFloats(this.deferred, name, asFloat(tensor, name), ELEMENT.FLOAT)
        : tensorProto(name, tensor),
    );
    return name;
  }

  tensor(name: ParamName): Tensor {
    const tensor = this.model.params[name];
    if (!tensor) throw new GraphError(`internal: the model has no tensor '${name}'.`);
    return tensor;
  }

  integers(base: string, values: readonly number[]): string {
    const name = this.freshName(base);
    this.initializers.push(int64Proto(name, values));
    return name;
  }

  /** A vector of floats (the scales of a Resize). */
  floats(base: string, values: readonly number[]): string {
    return this.ownConstant(base, floatTensor([values.length], Float32Array.from(values)));
  }

  integerScalar(base: string, value: number): string {
    const name = this.freshName(base);
    this.initializers.push({ ...int64Proto(name, [value]), dims: [] });
    return name;
  }

  /** A number of the element type that a call's first operand has. */
  numberLike({ operands: [x] }: OpCall, value: number): string {
    const type = x?.kind === 'node' ? this.elementType(x.node) : ELEMENT.FLOAT;
    if (type === ELEMENT.FLOAT) return this.operand({ kind: 'number', value });
    return this.cast(this.operand({ kind: 'number', value }), type);
  }

  /** A number or a size as a scalar of an element type. */
  scalar(extent: Extent, type: number, base: string): string {
    if (typeof extent === 'number' && type === ELEMENT.INT64)
      return this.integerScalar(`${base}_number`, extent);
    const value: Operand =
      typeof extent === 'number' ? { kind: 'number', value: extent } : { kind: 'size', node: extent.node };
    return type === ELEMENT.FLOAT ? this.operand(value) : this.cast(this.operand(value), type);
  }

  private cast(value: string, type: number): string {
    return this.once(`cast:${type}:${value}`, () => {
      const made = this.freshName(`${value}_cast`.replaceAll(/[^\w]/g, '_'));
      this.node('Cast', [value], made, { to: { i: type } });
      return made;
    });
  }

  private constant(key: string, base: string, make: () => Tensor): string {
    return this.once(key, () => this.ownConstant(base, make()));
  }

  /** The value that `make` writes; the same key gives the same value again. */
  once(key: string, make: () => string): string {
    const known = this.written.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.written.set(key, name);
    return name;
  }

  freshName(base: string): string {
    let name = base;
    for (let number = 1; this.taken.has(name); number++) name = `${base}_${number}`;
    this.taken.add(name);
    return name;
  }

  /** Adds a node that makes `output`, or several outputs. */
  node(
    opType: string,
    inputs: readonly string[],
    output: string | readonly string[],
    attributes: WrittenAttributes = {},
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    const made = typeof output === 'string' ? [output] : [...output];
    this.nodes.push(
      create(NodeProtoSchema, { name: made[0] ?? '', opType, input: [...inputs], output: made, attribute }),
    );
  }

  /** Element type of an IR tensor that a `get_attr` node reads. */
  paramType(name: ParamName): number {
    return elementTypeOf(this.tensor(name));
  }
}

/** An attribute of a written node. */
export function attributeProto(name: string, value: WrittenAttribute): AttributeProto {
  if ('i' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.i) });
  if ('f' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.f });
  if ('s' in value)
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value.s),
    });
  if ('t' in value) return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: value.t });
  const ints = value.ints.map(BigInt);
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
}
