import { freeName, GraphIndex } from '../graph/graph';
import { type ModuleName, moduleName, type NodeName, type ParamName, paramName, paramOf } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { LINEAR_RELU, QUANTIZED_LINEAR, QUANTIZED_LINEAR_RELU } from '../graph/moduleTypes';
import { type CallModule, inputsOf, type Node, ref } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { Rewriter } from '../graph/rewriter';
import { asFloat, floatTensor, type Tensor } from '../graph/tensor';
import { observationOf } from './observation';
import { isObserver, type ObservedModel } from './observer';
import type { PassResult } from './passResult';
import type { WeightObserver } from './qconfig';
import { activationObserverOf, weightObserverOf } from './qconfigMapping';
import type { QParams } from './qparams';
import { quantizeWeight } from './quantizeWeight';

const format = (value: number): string => Number(value.toPrecision(6)).toString();

/** The graph that `convert` builds: which values are on quantized data so far, and the edits that put them there. */
export class ConvertGraph {
  private readonly rewriter: Rewriter;
  private readonly index: GraphIndex;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly params: Record<ParamName, Tensor>;
  private readonly quantized = new Set<NodeName>();
  private readonly converted = new Set<ModuleName>();
  private readonly dequantized = new Map<NodeName, NodeName>();

  constructor(private readonly model: ObservedModel) {
    this.rewriter = new Rewriter(model.graph);
    this.index = new GraphIndex(model.graph);
    this.modules = { ...model.modules };
    this.params = { ...model.params };
  }

  result(): PassResult<Model> {
    const { name, inputShapes } = this.model;
    const modules = Object.fromEntries(
      Object.entries(this.modules).filter(([target]) => !isObserver(this.model, moduleName(target))),
    );
    const model: Model = { name, inputShapes, modules, params: this.params, graph: this.rewriter.graph };
    return { model, changes: this.rewriter.changes };
  }

  meaning(node: Node): OpCall | null {
    return resolveNode(this.model, this.index, node);
  }
  originalInput(node: Node): Node | undefined {
    const [name] = inputsOf(node);
    return name === undefined ? undefined : this.index.find(name);
  }
  originalInputs(node: Node): readonly Node[] {
    return inputsOf(node).map((name) => this.index.get(name));
  }
  originalUsers(node: Node): readonly Node[] {
    return this.index.users(node.name);
  }
  /** The node that the given one reads now, after the edits so far. */
  inputNode(node: Node): Node | undefined {
    const [name] = inputsOf(this.rewriter.get(node.name));
    return name === undefined ? undefined : this.rewriter.get(name);
  }
  isQuantized(name: NodeName): boolean {
    return this.quantized.has(name);
  }

  /** What a layer's weight is quantized with; null where its qconfig leaves it in float. */
  private weightObserver(node: Node): WeightObserver | null {
    return weightObserverOf(this.model.qconfigs, this.model, this.index.get(node.name));
  }

  /** An `nn.Linear` that is to be quantized, reads an observed value and whose own value is observed: it runs in int8. */
  isQuantizedLinear(node: Node): node is CallModule {
    const call = node.op === 'call_module' ? this.meaning(node) : null;
    if (call?.op !== 'linear' || !this.weightObserver(node)) return false;
    // The node may have been rewired by now; what it is was settled by the observed graph.
    const input = this.originalInput(this.index.get(node.name));
    const users = this.index.users(node.name);
    return (
      input !== undefined &&
      this.isObserver(input) &&
      users.length === 1 &&
      users.every((u) => this.isObserver(u))
    );
  }

  private isObserver(node: Node): boolean {
    return node.op === 'call_module' && isObserver(this.model, node.target);
  }

  keepOnQuantizedData(node: Node): void {
    this.quantized.add(node.name);
  }

  dropObserver(node: Node, why: string): void {
    const input = this.inputNode(node);
    if (input) this.rewriter.remove(node.name, input.name, why);
  }

  /** The Linear becomes a quantized module that also does its output observer's work. */
  quantizeLinear(node: CallModule, observer: Node, { scale, zeroPoint }: QParams): void {
    const call = this.meaning(node);
    const spec = this.model.modules[node.target];
    const weight = this.weightObserver(node);
    if (!spec || !weight || call?.op !== 'linear') return;
    const target = this.ownTarget(node);
    this.storeWeight(target, call, weight);
    this.modules[target] = {
      type: spec.type === LINEAR_RELU ? QUANTIZED_LINEAR_RELU : QUANTIZED_LINEAR,
      attrs: {
        in_features: call.attrs.inFeatures,
        out_features: call.attrs.outFeatures,
        bias: call.attrs.bias !== null,
        scale,
        zero_point: zeroPoint,
        weight_qscheme: weight.spec.qscheme,
      },
    };
    this.quantized.add(node.name);
    const grid = `scale ${format(scale)}, zero point ${zeroPoint}`;
    this.rewriter.rescale(
      node.name,
      [call.attrs.weight],
      `${node.name} runs in int8; its output has ${grid}.`,
    );
    this.rewriter.remove(observer.name, node.name, `${node.name} quantizes its own output.`);
  }

  /** A module called twice needs a quantized copy per call: each call has an output range of its own. */
  private ownTarget(node: CallModule): ModuleName {
    if (!this.converted.has(node.target)) {
      this.converted.add(node.target);
      return node.target;
    }
    const target = moduleName(freeName(node.name, (name) => Object.hasOwn(this.modules, name)));
    this.rewriter.replace(
      { ...node, args: this.rewriter.get(node.name).args, target },
      `${node.name} gets a module of its own.`,
    );
    return target;
  }

  private storeWeight(target: ModuleName, call: OpCall<'linear'>, observer: WeightObserver): void {
    const weight = asFloat(this.model.params[call.attrs.weight], call.attrs.weight);
    const { values, qparams } = quantizeWeight(weight, observer);
    const scales = Float32Array.from(qparams, (q) => q.scale);
    const zeroPoints = Int32Array.from(qparams, (q) => q.zeroPoint);
    this.params[paramOf(target, 'weight')] = values;
    this.params[paramOf(target, 'weight_scale')] = floatTensor([scales.length], scales);
    const shape = [zeroPoints.length];
    this.params[paramOf(target, 'weight_zero_point')] = { dtype: 'int32', shape, data: zeroPoints };
    const bias = call.attrs.bias && this.model.params[call.attrs.bias];
    if (bias) this.params[paramOf(target, 'bias')] = bias;
  }

  /** `F.linear` and convolutions keep their float op; the weight moves to the int8 grid. A layer in float keeps it. */
  fakeQuantizeWeight(node: Node, call: OpCall<'linear' | 'conv'>): void {
    const observer = this.weightObserver(node);
    if (!observer) return;
    const weight = asFloat(this.model.params[call.attrs.weight], call.attrs.weight);
    this.params[call.attrs.weight] = quantizeWeight(weight, observer).values;
    this.rewriter.rescale(node.name, [call.attrs.weight], `${call.attrs.weight} moves to the int8 grid.`);
  }

  /** `value → observer` becomes `value → quantize_per_tensor(value, scale, zero_point, dtype)`. */
  insertQuantize(producer: Node, observer: Node, { scale, zeroPoint }: QParams, dtype: string): void {
    const prefix = this.attributePrefix(producer, observer);
    const grid = `scale ${format(scale)}, zero point ${zeroPoint}`;
    const scaleNode = this.insertConstant(
      `${prefix}_scale_`,
      observer,
      floatTensor([], Float32Array.of(scale)),
    );
    const zeroPointTensor: Tensor = { dtype: 'int32', shape: [], data: Int32Array.of(zeroPoint) };
    const zeroPointNode = this.insertConstant(`${prefix}_zero_point_`, observer, zeroPointTensor);
    const quantize: Node = {
      name: this.rewriter.freeName('quantize_per_tensor'),
      op: 'call_function',
      target: 'torch.quantize_per_tensor',
      args: [ref(producer.name), ref(scaleNode), ref(zeroPointNode), { dtype }],
      kwargs: {},
    };
    this.rewriter.insertBefore(observer.name, quantize, `${producer.name} is quantized with ${grid}.`);
    this.rewriter.remove(observer.name, quantize.name, `${quantize.name} takes the place of its observer.`);
    this.quantized.add(quantize.name);
  }

  /** `linear1_input` at a layer's input, `op` at an op's own output (convert.py, `_get_module_path_and_prefix`). */
  private attributePrefix(producer: Node, observer: Node): string {
    const ownOutput =
      !this.model.floatNodes.includes(producer.name) &&
      activationObserverOf(this.model.qconfigs, this.model, producer) !== null &&
      observationOf(this.meaning(producer), producer) !== 'float';
    const [user] = this.rewriter.users(observer.name);
    const named = ownOutput ? producer : user;
    const path = named?.op === 'call_module' ? named.target : '';
    return ownOutput ? path : `${path}_input`;
  }

  private insertConstant(prefix: string, before: Node, tensor: Tensor): NodeName {
    const clean = prefix.replaceAll('.', '_');
    let number = 0;
    while (this.params[paramName(`${clean}${number}`)]) number++;
    const target = paramName(`${clean}${number}`);
    this.params[target] = tensor;
    const name = this.rewriter.freeName(target);
    const node: Node = { name, op: 'get_attr', target, args: [], kwargs: {} };
    this.rewriter.insertBefore(before.name, node, `${target} = ${tensor.data.join(', ')}`);
    return name;
  }

  /** Gives a float op (or the output) the dequantized form of every quantized value it reads. */
  readFloat(node: Node): void {
    for (const input of inputsOf(this.rewriter.get(node.name))) {
      if (!this.quantized.has(input)) continue;
      const float = this.dequantized.get(input) ?? this.insertDequantize(input);
      this.rewriter.rewire(node.name, input, float, `${node.name} needs float values.`);
    }
  }

  private insertDequantize(input: NodeName): NodeName {
    const name = this.rewriter.freeName('dequantize');
    const node: Node = { name, op: 'call_method', target: 'dequantize', args: [ref(input)], kwargs: {} };
    this.rewriter.insertAfter(input, node, `${input} is turned back into float.`);
    this.dequantized.set(input, name);
    return name;
  }
}
