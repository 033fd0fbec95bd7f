import { moduleName, nodeName, paramName } from '../graph/ids';
import type { Attribute, Model } from '../graph/model';
import type { Argument, Node } from '../graph/node';
import { floatTensor, type Tensor } from '../graph/tensor';
import type { Batch } from './batches';

/** A module in short: type, attributes, tensors by their own name. For tests. */
export interface TestModule {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, Attribute>>;
  readonly tensors?: Readonly<Record<string, Tensor>>;
}

/** Writes graphs by hand in tests: `g.call('torch.relu', 'x')` adds a node named after the op. */
export class TestModel {
  private readonly nodes: Node[] = [];
  private readonly modules: Record<string, { type: string; attrs: Readonly<Record<string, Attribute>> }> = {};
  private readonly params: Record<string, Tensor> = {};

  private add(node: Node): string {
    this.nodes.push(node);
    return node.name;
  }

  input(name: string): string {
    return this.add({ name: nodeName(name), op: 'placeholder', target: name, args: [], kwargs: {} });
  }

  /** Strings among the arguments are node names. */
  private arguments(args: readonly (Argument | string)[]): Argument[] {
    return args.map((arg) => (typeof arg === 'string' ? { node: nodeName(arg) } : arg));
  }

  call(name: string, target: string, ...args: readonly (Argument | string)[]): string {
    return this.add({
      name: nodeName(name),
      op: 'call_function',
      target,
      args: this.arguments(args),
      kwargs: {},
    });
  }

  /** A call with its arguments as they stand: strings are words, nodes are written as references. */
  callWith(name: string, target: string, args: readonly Argument[]): string {
    return this.add({ name: nodeName(name), op: 'call_function', target, args, kwargs: {} });
  }

  /** A call with keyword arguments; a string is a node, as in the positional ones. */
  callByName(
    name: string,
    target: string,
    args: readonly (Argument | string)[],
    named: Readonly<Record<string, string>>,
  ): string {
    const kwargs = Object.fromEntries(
      Object.entries(named).map(([key, node]) => [key, { node: nodeName(node) }]),
    );
    return this.add({
      name: nodeName(name),
      op: 'call_function',
      target,
      args: this.arguments(args),
      kwargs,
    });
  }

  /** `input.shape`, as torch.fx traces it. */
  shape(name: string, input: string): string {
    const args = [{ node: nodeName(input) }, 'shape'];
    return this.add({ name: nodeName(name), op: 'call_function', target: 'getattr', args, kwargs: {} });
  }

  method(name: string, target: string, ...args: readonly (Argument | string)[]): string {
    return this.add({
      name: nodeName(name),
      op: 'call_method',
      target,
      args: this.arguments(args),
      kwargs: {},
    });
  }

  constant(name: string, tensor: Tensor): string {
    this.params[name] = tensor;
    return this.add({ name: nodeName(name), op: 'get_attr', target: paramName(name), args: [], kwargs: {} });
  }

  module(name: string, input: string, { type, attrs = {}, tensors = {} }: TestModule): string {
    this.modules[name] = { type, attrs };
    for (const [key, tensor] of Object.entries(tensors)) this.params[`${name}.${key}`] = tensor;
    return this.add({
      name: nodeName(name),
      op: 'call_module',
      target: moduleName(name),
      args: this.arguments([input]),
      kwargs: {},
    });
  }

  /** A second call of a module. */
  again(name: string, module: string, input: string): string {
    return this.add({
      name: nodeName(name),
      op: 'call_module',
      target: moduleName(module),
      args: this.arguments([input]),
      kwargs: {},
    });
  }

  /** A Linear of the given weight rows and bias. */
  linear(
    name: string,
    input: string,
    weight: readonly (readonly number[])[],
    bias?: readonly number[],
  ): string {
    const [first = []] = weight;
    const tensors: Record<string, Tensor> = { weight: matrix(weight) };
    if (bias) tensors.bias = floatTensor([bias.length], Float32Array.from(bias));
    return this.module(name, input, {
      type: 'torch.nn.Linear',
      attrs: { in_features: first.length, out_features: weight.length, bias: bias !== undefined },
      tensors,
    });
  }

  build(...outputs: readonly string[]): Model {
    const returned = this.arguments(outputs);
    const args = returned.length === 1 ? returned : [returned];
    this.add({ name: nodeName('output'), op: 'output', target: 'output', args, kwargs: {} });
    return {
      name: 'test',
      graph: { nodes: this.nodes },
      modules: this.modules,
      params: this.params,
      inputShapes: {},
    };
  }
}

/** A 2-D tensor from its rows. */
export const matrix = (rows: readonly (readonly number[])[]): Tensor =>
  floatTensor([rows.length, rows[0]?.length ?? 0], Float32Array.from(rows.flat()));

/** One batch of the tensors, by input name. */
export const batchOf = (
  inputs: Readonly<Record<string, Tensor>>,
  labels: readonly number[] | null = null,
): Batch => ({
  inputs,
  samples: Object.values(inputs)[0]?.shape[0] ?? 0,
  labels: labels && Int32Array.from(labels),
});

/** Numbers in −1…1 that are the same in every run. */
export function noise(size: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}
