import { GraphError } from '../errors';
import { type ModuleName, type ParamName, paramOf } from '../ids';
import type { Attribute, ModuleSpec } from '../model';
import type { Operand } from '../op';

/** A call of a module: which, and on what. */
export interface ModuleCall {
  readonly target: ModuleName;
  readonly spec: ModuleSpec;
  readonly operands: readonly Operand[];
}

/** Throws a GraphError that names the module and its type; the problem goes on from there. */
export function refuse({ target, spec }: ModuleCall, problem: string): never {
  throw new GraphError(`Module '${target}' (${spec.type}): ${problem}.`);
}

/** Attributes as the constructor of the PyTorch class takes them; `fallback` is that constructor's default. */
export function numberAttr(call: ModuleCall, key: string, fallback?: number): number {
  const given: Attribute | undefined = call.spec.attrs[key];
  const value = given === undefined ? fallback : given;
  return typeof value === 'number'
    ? value
    : refuse(call, `attribute '${key}' must be a number, got ${JSON.stringify(value)}`);
}

export function flagAttr(call: ModuleCall, key: string, fallback: boolean): boolean {
  const value = call.spec.attrs[key] ?? fallback;
  return typeof value === 'boolean'
    ? value
    : refuse(call, `attribute '${key}' must be true or false, got ${JSON.stringify(value)}`);
}

/** One whole number or a list of them, as a list. */
export function integersAttr(call: ModuleCall, key: string): readonly number[] {
  const value = call.spec.attrs[key] ?? null;
  const list: readonly Attribute[] = Array.isArray(value) ? value : [value];
  return list.map((item) =>
    typeof item === 'number' && Number.isInteger(item)
      ? item
      : refuse(
          call,
          `attribute '${key}' must be a whole number or a list of them, got ${JSON.stringify(value)}`,
        ),
  );
}

/** One whole number for all dimensions, or a list of one or of `count`; `fallback` where the attribute is absent or null. */
export function sizesAttr(
  call: ModuleCall,
  key: string,
  count: number,
  fallback?: readonly number[],
): readonly number[] {
  const given = fallback && (call.spec.attrs[key] ?? null) === null ? fallback : integersAttr(call, key);
  const [first] = given;
  if (given.length === 1 && first !== undefined) return new Array<number>(count).fill(first);
  return given.length === count
    ? given
    : refuse(call, `attribute '${key}' must be one or ${count} whole numbers, got [${given.join(', ')}]`);
}

/** The module's own tensor of that name, unless the module is said to have none. */
export const tensorAttr = (call: ModuleCall, name: string, present = true): ParamName | null =>
  present ? paramOf(call.target, name) : null;
