import { nodeName } from '../../graph/ids';
import type { Argument } from '../../graph/node';

/** Deeper nesting than any real graph has; it keeps a hostile file from exhausting the stack. */
export const MAX_ARGUMENT_DEPTH = 64;

/** Throws the reader's error; the message continues "node 'x': …". */
export type Fail = (problem: string) => never;

const FORMS = ['node', 'slice', 'dtype', 'ellipsis', 'dict'] as const;

/** JSON text of a value for a message, cut to a readable length. */
const show = (value: unknown): string => {
  const text = shown(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/** Writing JSON goes down level by level, and a hostile value has more of them than the stack. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value that nests too deep to be shown';
  }
}

/** A JSON value as an FX argument (the forms of the FX model file); calls `fail` for anything else. */
export function parseArgument(value: unknown, fail: Fail, depth = 0): Argument {
  if (depth > MAX_ARGUMENT_DEPTH) return fail(`its arguments nest deeper than ${MAX_ARGUMENT_DEPTH} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : fail(`the number ${value} has no place in JSON`);
  if (Array.isArray(value)) return value.map((item) => parseArgument(item, fail, depth + 1));
  if (typeof value !== 'object') return fail(`${String(value)} is not an argument`);
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0)
    return fail(`an argument object has exactly one key of ${FORMS.join(', ')}; got ${show(value)}`);
  return parseForm(entry[0], entry[1], fail, depth);
}

function parseForm(form: string, value: unknown, fail: Fail, depth: number): Argument {
  switch (form) {
    case 'node':
      return typeof value === 'string'
        ? { node: nodeName(value) }
        : fail(`{"node": …} needs a name, got ${show(value)}`);
    case 'dtype':
      return typeof value === 'string'
        ? { dtype: value }
        : fail(`{"dtype": …} needs a name, got ${show(value)}`);
    case 'ellipsis':
      return value === true
        ? { ellipsis: true }
        : fail(`an ellipsis is {"ellipsis": true}, got ${show(value)}`);
    case 'slice':
      return parseSlice(value, fail, depth);
    case 'dict':
      return { dict: parseRecord(value, fail, depth + 1) };
    default:
      return fail(`an argument object has one key of ${FORMS.join(', ')}; got '${form}'`);
  }
}

function parseSlice(value: unknown, fail: Fail, depth: number): Argument {
  if (!Array.isArray(value) || value.length !== 3)
    return fail(`a slice is {"slice": [start, stop, step]}, got ${show(value)}`);
  const part = (item: unknown) => parseArgument(item, fail, depth + 1);
  return { slice: [part(value[0]), part(value[1]), part(value[2])] };
}

/** A JSON object whose values are arguments (a node's `kwargs`, a dict). */
export function parseRecord(value: unknown, fail: Fail, depth = 0): Readonly<Record<string, Argument>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(`an object of named arguments is needed, got ${show(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, parseArgument(item, fail, depth + 1)]),
  );
}
