import { GraphError } from './errors';
import { type Argument, type CallFunction, type CallMethod, isNodeRef } from './node';
import type { Operand } from './op';

/** Reads the arguments of a function or method call by position or keyword, as Python binds them. */
export class CallArguments {
  constructor(
    readonly node: CallFunction | CallMethod,
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

  private fail(problem: string): never {
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

  dtype(name: string): string {
    const value = this.value(name);
    if (typeof value === 'object' && value !== null && 'dtype' in value) return value.dtype;
    return this.fail(`needs a dtype for '${name}', got ${JSON.stringify(value)}`);
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
export function integerList(node: CallFunction | CallMethod, from: number): readonly number[] {
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
