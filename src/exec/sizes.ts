import type * as tf from '@tensorflow/tfjs-core';
import type { NodeName } from '../graph/ids';
import type { OpCall } from '../graph/op';
import { type Extent, evaluateSize, expandExtents, type SizeValue } from '../graph/sizes';
import { numericCall } from './ops/numericCall';

/** The sizes that a run has computed so far: numbers and lists of them. */
export class RunSizes {
  private readonly values = new Map<NodeName, SizeValue>();

  /** Computes a `size` node from the tensor that it reads, or from other sizes. Throws where an index lies outside. */
  compute(name: NodeName, { attrs }: OpCall<'size'>, tensor: tf.Tensor | null): void {
    const value = evaluateSize(attrs.rule, tensor?.shape ?? null, (size) => this.values.get(size) ?? null);
    const isNumber = (dim: unknown) => typeof dim === 'number' && Number.isFinite(dim);
    if (value === null || !(typeof value === 'object' ? value.every(isNumber) : isNumber(value)))
      throw new Error(this.problem(attrs.rule, tensor));
    this.values.set(name, value);
  }

  /** The one number that a node gives. */
  number(name: NodeName): number {
    const value = this.values.get(name);
    if (typeof value !== 'number') throw new Error(`'${name}' gives no number`);
    return value;
  }

  /** A tensor of which only the shape is read. */
  noteShape(name: NodeName, shape: readonly number[]): void {
    this.values.set(name, shape);
  }

  /** The call with numbers in the place of sizes. */
  withNumbers(call: OpCall): OpCall {
    return numericCall(call, {
      number: (extent) => (typeof extent === 'number' ? extent : this.number(extent.node)),
      list: (extents) => this.shape(extents),
    });
  }

  private shape(extents: readonly Extent[]): readonly number[] {
    const dims = expandExtents(extents, (name) => this.values.get(name) ?? null) ?? [];
    return dims.map((dim) =>
      typeof dim === 'number' && Number.isInteger(dim)
        ? dim
        : this.fail(`a shape holds whole numbers, not [${dims.join(', ')}]`),
    );
  }

  private problem(rule: OpCall<'size'>['attrs']['rule'], tensor: tf.Tensor | null): string {
    if (rule.kind === 'shape')
      return `dim ${rule.dim} lies outside its input [${tensor?.shape.join(', ') ?? ''}]`;
    if (rule.kind === 'compute') return `${rule.function} of its sizes is no number`;
    const list = this.values.get(rule.list.node);
    const position = rule.kind === 'pick' ? rule.position : 0;
    return `index ${position} lies outside of the sizes [${typeof list === 'object' ? list.join(', ') : ''}]`;
  }

  private fail(problem: string): never {
    throw new Error(problem);
  }
}
