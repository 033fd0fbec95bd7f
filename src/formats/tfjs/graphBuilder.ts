import { freeName } from '../../graph/graph';
import {
  type ModuleName,
  moduleName,
  type NodeName,
  nodeName,
  type ParamName,
  paramName,
  paramOf,
} from '../../graph/ids';
import type { Attribute, ModuleSpec } from '../../graph/model';
import { type Argument, type Node, ref } from '../../graph/node';
import type { Dim, Shape } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';

/**
 * A value of the Keras model: its node, its shape as Keras counts the axes (batch first, channels last), and whether
 * the node holds it with channels on axis 1, as PyTorch's convolutions want and give it.
 */
export interface Value {
  readonly node: NodeName;
  readonly shape: readonly Dim[];
  readonly channelsFirst: boolean;
}

/** Collects the FX graph. Layouts are changed by `channelsFirst` and `channelsLast` only, each at most once a value. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly modules: Record<ModuleName, ModuleSpec> = {};
  readonly params: Record<ParamName, Tensor> = {};
  readonly inputShapes: Record<NodeName, Shape> = Object.create(null);
  private readonly names = new Set<string>();
  private readonly turned = new Map<NodeName, NodeName>();

  private name(base: string): NodeName {
    const name = freeName(base, (taken) => this.names.has(taken));
    this.names.add(name);
    return nodeName(name);
  }

  input(base: string, shape: readonly Dim[]): Value {
    const name = this.name(base);
    this.nodes.push({ name, op: 'placeholder', target: name, args: [], kwargs: {} });
    this.inputShapes[name] = shape;
    return { node: name, shape, channelsFirst: false };
  }

  /** A call of a function, on nodes (by `ref`) and plain arguments. */
  call(
    target: string,
    args: readonly Argument[],
    base: string,
    kwargs: Readonly<Record<string, Argument>> = {},
  ): NodeName {
    const name = this.name(base);
    this.nodes.push({ name, op: 'call_function', target, args, kwargs });
    return name;
  }

  /** A call of a module, which is made with the first of its calls; `tensors` by their names in the module. */
  module(
    target: string,
    type: string,
    attrs: Readonly<Record<string, Attribute>>,
    tensors: Readonly<Record<string, Tensor>>,
    input: NodeName,
  ): NodeName {
    const module = moduleName(target);
    this.modules[module] ??= { type, attrs };
    for (const [tensor, value] of Object.entries(tensors)) this.params[paramOf(module, tensor)] ??= value;
    const name = this.name(target);
    this.nodes.push({ name, op: 'call_module', target: module, args: [ref(input)], kwargs: {} });
    return name;
  }

  /** A constant, read by a `get_attr` node. */
  constant(target: string, tensor: Tensor): NodeName {
    const param = paramName(target);
    this.params[param] ??= tensor;
    const name = this.name(target);
    this.nodes.push({ name, op: 'get_attr', target: param, args: [], kwargs: {} });
    return name;
  }

  output(values: readonly Value[]): void {
    const refs = values.map((value) => ref(this.channelsLast(value).node));
    const [only] = refs;
    const result: Argument = refs.length === 1 && only ? only : refs;
    this.nodes.push({
      name: this.name('output'),
      op: 'output',
      target: 'output',
      args: [result],
      kwargs: {},
    });
  }

  channelsFirst(value: Value): Value {
    const rank = value.shape.length;
    if (value.channelsFirst || rank < 3) return value;
    const spatial = Array.from({ length: rank - 2 }, (_, i) => i + 1);
    return { ...value, node: this.permute(value.node, [0, rank - 1, ...spatial]), channelsFirst: true };
  }

  channelsLast(value: Value): Value {
    if (!value.channelsFirst) return value;
    const spatial = Array.from({ length: value.shape.length - 2 }, (_, i) => i + 2);
    return { ...value, node: this.permute(value.node, [0, ...spatial, 1]), channelsFirst: false };
  }

  private permute(node: NodeName, order: readonly number[]): NodeName {
    const known = this.turned.get(node);
    if (known !== undefined) return known;
    const turned = this.call('torch.permute', [ref(node), order], 'permute');
    this.turned.set(node, turned);
    // The way back costs nothing: it is the value that was turned.
    this.turned.set(turned, node);
    return turned;
  }
}
