import type { Argument, NodeRef } from '../../graph/node';
import type { AtenCall } from './atenCall';

/** Adds the nodes that an aten op is in the IR, and returns the one that holds its first result; null when it gives none. */
export type AtenRule = (call: AtenCall) => NodeRef | null;
export type AtenTable = Readonly<Record<string, AtenRule>>;

/**
 * An op that is one call of a function: `positional` are the arguments of its schema that the function takes by position,
 * `named` those it takes by keyword, with the keyword. Absent ones at the end are left out.
 */
export const asFunction =
  (target: string, positional: readonly string[], named: Readonly<Record<string, string>> = {}): AtenRule =>
  (call) => {
    const args = positional.map((name) => call.argument(name));
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    const kwargs = Object.entries(named).flatMap(([name, keyword]): [string, Argument][] => {
      const value = call.argument(name) ?? null;
      return value === null ? [] : [[keyword, value]];
    });
    return call.call(
      target,
      args.map((arg) => arg ?? null),
      Object.fromEntries(kwargs),
    );
  };

/** As `asFunction`, for a method of the tensor `self`. */
export const asMethod =
  (target: string, positional: readonly string[]): AtenRule =>
  (call) => {
    const args = positional.map((name) => call.argument(name));
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return call.builder.callMethod(
      call.name,
      call.name,
      target,
      args.map((arg) => arg ?? null),
    );
  };

/** An op whose result is its input: a copy, another layout in memory. */
export const passed: AtenRule = (call) => {
  const source = call.tensorName('self') ?? call.fail("needs a tensor for 'self'");
  call.ignore('memory_format', 'dtype', 'layout', 'device', 'pin_memory', 'non_blocking', 'copy', 'implicit');
  const [output] = call.outputs;
  if (typeof output === 'string') call.builder.bind(output, call.builder.binding(source, call.name));
  return null;
};

/** An assertion or a hint to the compiler: it computes nothing. */
export const dropped: AtenRule = () => null;
