import type { ParamName } from '../../graph/ids';
import { type Argument, isNodeRef, type NodeRef } from '../../graph/node';
import type { Dim, Shape } from '../../graph/shape';
import { FormatError } from '../errors';
import type { GraphBuilder } from './graphBuilder';
import type { SerializedNode } from './schema';
import { type AtenValue, atenValue, isTensor, isValueList, outputNames } from './value';

/**
 * One node of the exported program, whose arguments are read by their names in the op's schema. What a rule reads
 * counts as understood; arguments that none has read must be at their defaults (`checkRead`).
 */
export class AtenCall {
  /** The op without its namespace: `conv2d.default`. */
  readonly op: string;
  /** What its results are called; null for one that is no tensor and no size. */
  readonly outputs: readonly (string | null)[];
  private readonly values: ReadonlyMap<string, AtenValue>;
  private readonly read = new Set<string>();

  constructor(
    node: SerializedNode,
    readonly builder: GraphBuilder,
  ) {
    this.op = node.target.replace(/^torch\.ops\.aten\./, '');
    this.outputs = outputNames(node.outputs);
    this.values = new Map(node.inputs.map(({ name, arg }, at) => [name || `argument ${at}`, atenValue(arg)]));
  }

  /** How messages call the node: by its first result. */
  get name(): string {
    return this.outputs.find((output) => output !== null) ?? this.op;
  }

  fail(problem: string): never {
    throw new FormatError(this.builder.file, `node '${this.name}' (aten.${this.op}) ${problem}.`, this.name);
  }

  value(name: string): AtenValue | undefined {
    this.read.add(name);
    return this.values.get(name);
  }

  /** Reads an argument whose value does not matter to what is computed. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.read.add(name);
  }

  /** Refuses a value other than the ones named: a variant that the studio does not compute. */
  only(name: string, ...allowed: readonly (AtenValue | undefined)[]): void {
    const value = this.value(name);
    if (value !== undefined && value !== null && !allowed.includes(value))
      this.fail(`with ${name}=${JSON.stringify(value)} is not supported`);
  }

  /** Every argument that no rule has read and that says something. */
  checkRead(): void {
    for (const [name, value] of this.values)
      if (!this.read.has(name) && value !== null && value !== false && !isEmpty(value))
        this.fail(`has the argument ${name}=${JSON.stringify(value)}, which the studio does not know`);
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

  /** Whole numbers; `fallback` where the argument is absent or empty. */
  numbers(name: string, fallback?: readonly number[]): readonly number[] {
    const value = this.value(name) ?? null;
    const list = isValueList(value) ? value : value === null ? [] : [value];
    if (list.length === 0 && fallback) return fallback;
    return list.map((item) =>
      typeof item === 'number'
        ? item
        : this.fail(`needs numbers for '${name}', got ${JSON.stringify(value)}`),
    );
  }

  /** The name in the file of a tensor argument; null where it is absent or None. */
  tensorName(name: string): string | null {
    const value = this.value(name) ?? null;
    if (value === null) return null;
    return isTensor(value)
      ? value.tensor
      : this.fail(`needs a tensor for '${name}', got ${JSON.stringify(value)}`);
  }

  shapeOf(name: string): Shape {
    const tensor = this.tensorName(name);
    return tensor === null ? null : this.builder.shapeOf(tensor);
  }

  /** The rank of a tensor argument, which the file states. */
  rankOf(name: string): number {
    return this.shapeOf(name)?.length ?? this.fail(`reads '${name}', whose shape the file does not state`);
  }

  /** An axis counted from the front, whose size the file states. */
  axis(name: string, dim: number): { readonly at: number; readonly size: Dim } {
    const shape = this.shapeOf(name) ?? this.fail(`reads '${name}', whose shape the file does not state`);
    const at = dim < 0 ? dim + shape.length : dim;
    const size = shape[at];
    return size === undefined
      ? this.fail(`has dim ${dim} of a tensor of ${shape.length} axes`)
      : { at, size };
  }

  /** The tensor of the model that an argument is; null for any other value. */
  param(name: string, transposed = false): ParamName | null {
    const tensor = this.tensorName(name);
    const binding = tensor === null ? null : this.builder.binding(tensor, this.name);
    return binding?.kind === 'param' && binding.transposed === transposed ? binding.param : null;
  }

  argument(name: string): Argument | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : this.builder.argument(value, this.name);
  }

  /** A tensor, or the number that stands in its place. */
  operand(name: string): Argument {
    const value = this.argument(name);
    if (isNodeRef(value) || typeof value === 'number') return value;
    return this.fail(`needs a tensor for '${name}', got ${JSON.stringify(value ?? null)}`);
  }

  /** The call that gives the node's first result, under its name. */
  call(target: string, args: readonly Argument[], kwargs: Readonly<Record<string, Argument>> = {}): NodeRef {
    return this.builder.callFunction(this.name, this.name, target, args, kwargs);
  }

  /** A call on the way there. */
  step(suffix: string, target: string, args: readonly Argument[]): NodeRef {
    return this.builder.callFunction(`${this.name}_${suffix}`, null, target, args);
  }

  /** Says which node gives a result. */
  give(output: number, { node }: NodeRef): void {
    const name = this.outputs[output];
    if (typeof name === 'string') this.builder.bind(name, { kind: 'node', node });
  }
}

const isEmpty = (value: AtenValue): boolean => isValueList(value) && value.length === 0;
