import { GraphError } from '../errors';
import type { GraphIndex } from '../graph';
import type { ParamName } from '../ids';
import type { Model } from '../model';
import { type Argument, isList, isNodeRef } from '../node';
import type { Operand } from '../op';
import type { Call } from './callRule';
import { type ConstantSource, constantSource } from './constantSource';

/** Reads the arguments of a function or method call by position or keyword, as Python binds them. */
export class CallArguments {
  constructor(
    readonly node: Call,
    /** The function's parameter names, in order. */
    private readonly names: readonly string[],
  ) {
    const extra = Object.keys(node.kwargs).find((key) => !names.includes(key));
    if (extra !== undefined) this.fail(`has no parameter '${extra}'`);
    if (node.args.length > names.length)
      this.fail(`takes at most ${names.length} arguments, got ${node.args.length}`);
    const twice = names.slice(0, node.args.length).find((name) => Object.hasOwn(node.kwargs, name));
    if (twice !== undefined) this.fail(`got two values for '${twice}'`);
  }

  /** Throws a GraphError that names the node and its target; the problem goes on from there. */
  fail(problem: string): never {
    throw new GraphError(`Node '${this.node.name}' (${this.node.target}) ${problem}.`, this.node.name);
  }

  value(name: string): Argument | undefined {
    const position = this.names.indexOf(name);
    return this.node.args[position] ?? this.node.kwargs[name];
  }

  number(name: string, fallback?: number): number {
    const value = this.value(name) ?? fallback;
    return typeof value === 'number'
      ? value
      : this.fail(`needs a number for '${name}', got ${JSON.stringify(value)}`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    return typeof value === 'boolean'
      ? value
      : this.fail(`needs True or False for '${name}', got ${JSON.stringify(value)}`);
  }

  /** One whole number or a list of them; null where the argument is absent or None. */
  integers(name: string): readonly number[] | null {
    const value = this.value(name) ?? null;
    if (value === null) return null;
    const list: readonly Argument[] = isList(value) ? value : [value];
    return list.map((item) =>
      typeof item === 'number' && Number.isInteger(item)
        ? item
        : this.fail(`needs whole numbers for '${name}', got ${JSON.stringify(value)}`),
    );
  }

  /** One whole number for all dimensions, or a list of one or of `count`; `fallback` where the argument is absent or None. */
  sizes(name: string, count: number, fallback?: readonly number[]): readonly number[] {
    const stated = this.integers(name) ?? [];
    // `torch.max_pool2d` has an empty stride for none.
    const given = stated.length === 0 ? (fallback ?? []) : stated;
    const [first] = given;
    if (given.length === 1 && first !== undefined) return new Array<number>(count).fill(first);
    return given.length === count
      ? given
      : this.fail(`needs one or ${count} whole numbers for '${name}', got [${given.join(', ')}]`);
  }

  /** A tensor that the model holds, on a grid or as it is; null where the argument is absent or None. */
  tensor(name: string, model: Model, index: GraphIndex): ConstantSource | null {
    const value = this.value(name) ?? null;
    if (value === null) return null;
    return (
      constantSource(model, index, value) ??
      this.fail(`needs a tensor from a get_attr node for '${name}', got ${JSON.stringify(value)}`)
    );
  }

  /** As `tensor`, for a tensor that is never quantized. */
  constant(name: string, model: Model, index: GraphIndex): ParamName | null {
    return this.tensor(name, model, index)?.param ?? null;
  }

  dtype(name: string): string {
    const value = this.value(name);
    if (typeof value === 'object' && value !== null && 'dtype' in value) return value.dtype;
    return this.fail(`needs a dtype for '${name}', got ${JSON.stringify(value)}`);
  }

  /** A list of tensors. */
  operandList(name: string): readonly Operand[] {
    const value = this.value(name);
    if (value === undefined || !Array.isArray(value) || value.length === 0)
      return this.fail(`needs a list of tensors for '${name}', got ${JSON.stringify(value)}`);
    return value.map((item: Argument) =>
      isNodeRef(item)
        ? { kind: 'node', node: item.node }
        : this.fail(`needs a list of tensors for '${name}', got ${JSON.stringify(value)}`),
    );
  }

  /** A tensor or a plain number. */
  operand(name: string): Operand {
    const value = this.value(name);
    if (isNodeRef(value)) return { kind: 'node', node: value.node };
    if (typeof value === 'number') return { kind: 'number', value };
    return this.fail(`needs a tensor or a number for '${name}', got ${JSON.stringify(value)}`);
  }

  /** Refuses a value other than the default: a variant the studio does not compute. */
  only(name: string, allowed: Argument): void {
    const value = this.value(name);
    if (value !== undefined && value !== null && value !== allowed)
      this.fail(`with ${name}=${JSON.stringify(value)} is not supported; only ${JSON.stringify(allowed)} is`);
  }
}

/** Integers of a shape given as one list or spread over the remaining arguments (`x.view(2, 3)`, `x.view([2, 3])`). */
export function integerList(node: Call, from: number): readonly number[] {
  const rest = node.args.slice(from);
  const list: readonly Argument[] = rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest;
  return list.map((item) => {
    if (typeof item === 'number' && Number.isInteger(item)) return item;
    throw new GraphError(
      `Node '${node.name}' (${node.target}) needs a constant shape; ${JSON.stringify(item)} is computed at run time, which is not supported.`,
      node.name,
    );
  });
}
