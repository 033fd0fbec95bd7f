import { type ModuleName, type NodeName, paramOf } from '../../../graph/ids';
import type { Model, ModuleSpec } from '../../../graph/model';
import { LINEAR } from '../../../graph/moduleTypes';
import { type Argument, type Node, ref } from '../../../graph/node';
import type { Shape } from '../../../graph/shape';
import { type DType, floatTensor, type Tensor } from '../../../graph/tensor';
import { FormatError } from '../../errors';
import type { Deferred } from '../file/deferred';
import { ELEMENT, isFloatElement } from '../file/elementTypes';
import type { GraphProto } from '../gen/onnx_pb';
import type { ConvOrigin, LinearOrigin, NormOrigin, ValueOrigin } from '../origin';
import { Constants } from './constants';
import { ConvertedTypes } from './convertedTypes';
import type { CallForm, LinearParts, ModuleParts, NormParts } from './graphParts';
import { KnownShapes } from './knownShapes';
import { moduleBase, NameBook, nodeBase } from './names';
import type { OnnxNode } from './onnxNode';
import { countReads } from './readCounts';
import type { SizeList } from './sizes';

const transposeCall = (name: NodeName, input: NodeName): Node => ({
  name,
  op: 'call_function',
  target: 'torch.transpose',
  args: [ref(input), -2, -1],
  kwargs: {},
});

const shortName = (target: string): string => target.slice(target.lastIndexOf('.') + 1);

/**
 * The state of one reading: the IR as built so far, and which ONNX value each IR node holds. Op readers
 * (`readOps.ts`) look values up here and add nodes.
 */
export class GraphReader {
  readonly constants: Constants;
  readonly nodes: Node[] = [];
  readonly names = new NameBook();
  readonly inputShapes: Record<NodeName, Shape> = {};
  /** Of the inputs that are not float32. */
  readonly inputTypes: Record<NodeName, DType> = {};
  readonly modules: Record<ModuleName, ModuleSpec> = {};
  readonly params: Record<string, Tensor> = {};
  readonly linears: Record<ModuleName, LinearOrigin> = {};
  readonly convs: Record<ModuleName, ConvOrigin> = {};
  readonly norms: Record<ModuleName, NormOrigin> = {};
  readonly valueOrigins: Record<NodeName, ValueOrigin> = {};
  readonly nodeOrigins: Record<NodeName, number> = {};
  /** ONNX nodes that an earlier node took in (the Add after a MatMul). */
  readonly absorbed = new Set<number>();
  /** Values that are computed from sizes of tensors. */
  readonly sizes = new Map<string, SizeList>();
  /** Nodes that compute sizes, by what they compute. */
  readonly sizeNodes = new Map<string, NodeName>();
  /** Adds the nodes of a value of sizes that an op reads as a tensor. */
  writeSizes: ((value: string, list: SizeList) => void) | null = null;
  private readonly values = new Map<string, NodeName>();
  private readonly reads: ReadonlyMap<string, number>;
  private readonly shapes: KnownShapes;
  private readonly converted = new ConvertedTypes();

  constructor(
    readonly graph: GraphProto,
    readonly opset: number,
    readonly file: string,
    deferred: Deferred = new Map(),
  ) {
    this.constants = new Constants(graph, file, deferred);
    this.reads = countReads(graph);
    this.shapes = new KnownShapes(this.model(''));
  }

  isRead(value: string): boolean {
    return this.reads.has(value);
  }

  /** True when one node reads the value, once, and it is no output of the graph. */
  isReadOnce(value: string): boolean {
    return this.reads.get(value) === 1;
  }

  /** The IR node that holds an ONNX value; a constant becomes a `get_attr` node at its first use. */
  operand(value: string, reader: string): NodeName {
    const known = this.values.get(value);
    if (known) return known;
    if (this.constants.has(value)) return this.getAttr(value);
    const list = this.sizes.get(value);
    if (list && this.writeSizes) {
      this.writeSizes(value, list);
      return this.operand(value, reader);
    }
    const later = this.graph.node.some((node) => node.output.includes(value));
    throw new FormatError(
      this.file,
      later
        ? `${reader} reads '${value}' before the node that makes it: the graph has a cycle or its nodes are out of order. ONNX asks for topological order.`
        : `${reader} reads '${value}', which is no input, no initializer and no node's output.`,
    );
  }

  elementType(value: string): number {
    const name = this.values.get(value);
    const origin = name && this.valueOrigins[name];
    return (
      origin?.elementType ??
      this.constants.describe(value)?.elementType ??
      this.sizes.get(value)?.elementType ??
      ELEMENT.FLOAT
    );
  }

  isFloat(value: string): boolean {
    return isFloatElement(this.elementType(value));
  }

  /** The shape of a value as far as the graph so far tells it. */
  shapeOf(value: string): Shape {
    const name = this.values.get(value);
    if (name) return this.shapes.of(name);
    const list = this.sizes.get(value);
    const shape = list && (list.isScalar ? [] : [list.sizes.length]);
    return this.constants.describe(value)?.shape ?? shape ?? null;
  }

  model(name: string): Model {
    return {
      name,
      graph: { nodes: this.nodes },
      modules: this.modules,
      params: this.params,
      inputShapes: this.inputShapes,
      inputTypes: this.inputTypes,
    };
  }

  /** Adds a node and says which ONNX value it holds. A value can be made once only. */
  define(node: Node, value: string, elementType: number, transposed = false): NodeName {
    this.nodes.push(node);
    this.valueOrigins[node.name] = { value, transposed, elementType };
    if (transposed) return node.name;
    if (node.op !== 'get_attr' && (this.values.has(value) || this.constants.has(value)))
      throw new FormatError(this.file, `two nodes or inputs make the value '${value}'.`);
    this.values.set(value, node.name);
    return node.name;
  }

  /** The call that makes an ONNX node's output, the first one unless told; `elementType` is the output's. */
  result(
    source: OnnxNode,
    target: string,
    args: readonly Argument[],
    elementType: number,
    { output = source.output, kwargs = {}, op = 'call_function' }: CallForm = {},
  ): NodeName {
    const name = this.names.node(nodeBase(source.proto.name, source.proto.opType, shortName(target)));
    this.nodeOrigins[name] = source.index;
    return this.define({ name, op, target, args, kwargs }, output, elementType);
  }

  /** A call on the way to an ONNX node's output, whose value the file does not name. */
  step(
    source: OnnxNode,
    target: string,
    args: readonly Argument[],
    kwargs: Readonly<Record<string, Argument>> = {},
  ): NodeName {
    const name = this.names.node(shortName(target));
    this.nodeOrigins[name] = source.index;
    this.nodes.push({ name, op: 'call_function', target, args, kwargs });
    return name;
  }

  /** A Linear module and its call on `input`; the node holds `value`, or its transposed view. */
  linear(
    source: OnnxNode,
    input: NodeName,
    parts: LinearParts,
    value: string,
    transposed: boolean,
  ): NodeName {
    const node = this.linearCall(source, input, parts);
    return this.define(node, value, this.elementType(parts.origin.weightInitializer), transposed);
  }

  /** As `linear`, where the file does not name the value (a Gemm whose C is not a bias is added behind). */
  linearStep(source: OnnxNode, input: NodeName, parts: LinearParts): NodeName {
    const node = this.linearCall(source, input, parts);
    this.nodes.push(node);
    return node.name;
  }

  private linearCall(source: OnnxNode, input: NodeName, { weight, bias, origin }: LinearParts): Node {
    const tensors = [origin.weightInitializer, ...(origin.bias ? [origin.bias.initializer] : [])];
    const module = this.names.module(moduleBase(source.proto, tensors, 'linear'));
    const [outFeatures = 0, inFeatures = 0] = weight.shape;
    this.modules[module] = {
      type: LINEAR,
      attrs: { in_features: inFeatures, out_features: outFeatures, bias: bias !== null },
    };
    this.params[paramOf(module, 'weight')] = weight;
    if (bias) this.params[paramOf(module, 'bias')] = bias;
    this.linears[module] = origin;
    this.noteType(origin.weightInitializer);
    return this.callModule(source, module, input);
  }

  /** A module and its call on the node's first input; the call holds `value`, the node's output unless told. */
  module(source: OnnxNode, parts: ModuleParts, value = source.output): ModuleName {
    const module = this.names.module(moduleBase(source.proto, parts.values, parts.base));
    this.modules[module] = parts.spec;
    for (const [name, tensor] of Object.entries(parts.tensors)) this.params[paramOf(module, name)] = tensor;
    const [weight] = parts.values;
    if (weight !== undefined) this.noteType(weight);
    const input = source.input(0);
    const node = this.callModule(source, module, this.operand(input, source.title));
    this.define(node, value, this.elementType(input));
    return module;
  }

  /** A LayerNorm over the last axes; a bias that the file leaves out is 0. */
  layerNorm(source: OnnxNode, { weight, bias, eps, origin }: NormParts): void {
    const zeros = () => floatTensor(weight.shape, new Float32Array(weight.data.length));
    const attrs = { normalized_shape: weight.shape, eps, elementwise_affine: true };
    const module = this.module(source, {
      spec: { type: 'torch.nn.LayerNorm', attrs },
      tensors: { weight, bias: bias ?? zeros() },
      values: [origin.weight, ...(origin.bias === null ? [] : [origin.bias])],
      base: 'norm',
    });
    this.norms[module] = origin;
  }

  private callModule(source: OnnxNode, target: ModuleName, input: NodeName): Node {
    const name = this.names.node(target);
    this.nodeOrigins[name] = source.index;
    return { name, op: 'call_module', target, args: [ref(input)], kwargs: {} };
  }

  /** The view of `value` with its last two axes exchanged, in front of a Linear. */
  transposedView(source: OnnxNode, input: NodeName, value: string): NodeName {
    const name = this.names.node('transpose');
    this.nodeOrigins[name] = source.index;
    const node = transposeCall(name, input);
    return this.define(node, value, this.elementType(value), true);
  }

  /** Behind a Linear whose output is the transposed view of `value`: the value itself. */
  transposedBack(source: OnnxNode, linear: NodeName, value: string): NodeName {
    const name = this.names.node('transpose');
    this.nodeOrigins[name] = source.index;
    return this.define(
      transposeCall(name, linear),
      value,
      this.valueOrigins[linear]?.elementType ?? ELEMENT.FLOAT,
    );
  }

  identity(source: OnnxNode, value: string): void {
    const module = this.names.module(moduleBase(source.proto, [], 'identity'));
    this.modules[module] = { type: 'torch.nn.Identity', attrs: {} };
    const node = this.callModule(source, module, this.operand(value, source.title));
    this.define(node, source.output, this.elementType(value));
  }

  cast(source: OnnxNode, input: NodeName, dtype: string, elementType: number): void {
    const name = this.names.node(nodeBase(source.proto.name, source.proto.opType, 'to'));
    this.nodeOrigins[name] = source.index;
    const node: Node = { name, op: 'call_method', target: 'to', args: [ref(input), { dtype }], kwargs: {} };
    this.define(node, source.output, elementType);
  }

  private getAttr(value: string): NodeName {
    const target = this.names.constant(value);
    this.params[target] = this.constants.tensor(value);
    this.noteType(value);
    const node: Node = { name: this.names.node(target), op: 'get_attr', target, args: [], kwargs: {} };
    return this.define(node, value, this.constants.describe(value)?.elementType ?? ELEMENT.FLOAT);
  }

  /** Counts tensors and inputs that the studio computes in another type than the file's. */
  noteType(value: string, elementType = this.elementType(value)): void {
    this.converted.note(value, elementType);
  }

  /** One remark per element type that the studio does not compute in. */
  notes(): readonly string[] {
    return this.converted.notes();
  }
}
