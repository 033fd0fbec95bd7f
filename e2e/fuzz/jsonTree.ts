import fc from 'fast-check';

/** A change of JSON that leaves it JSON: damage behind the parser. Places count modulo the number of values. */
export type TreeMutation = {
  readonly kind: 'tree';
  readonly at: number;
} & (
  | { readonly action: 'remove' | 'double' | 'wrap' }
  | { readonly action: 'put'; readonly json: string }
  | { readonly action: 'copy'; readonly from: number }
  | { readonly action: 'rename'; readonly name: string }
);

const at = fc.nat(2 ** 30);
const kind = fc.constant('tree' as const);

/** `words` are JSON texts to be put in the place of others. */
export const treeMutation = (words: readonly string[]): fc.Arbitrary<TreeMutation> =>
  fc.oneof(
    fc.record({ kind, at, action: fc.constantFrom('remove' as const, 'double' as const, 'wrap' as const) }),
    fc.record({ kind, at, action: fc.constant('put' as const), json: fc.constantFrom(...words) }),
    fc.record({ kind, at, action: fc.constant('put' as const), json: fc.json({ maxDepth: 2 }) }),
    fc.record({ kind, at, action: fc.constant('copy' as const), from: at }),
    fc.record({
      kind,
      at,
      action: fc.constant('rename' as const),
      name: fc.constantFrom('__proto__', 'constructor', 'toString', '', 'length', '<b>'),
    }),
  );

/** A value's place: an array with an index, or an object with a key. */
type Slot =
  | { readonly parent: unknown[]; readonly key: number }
  | { readonly parent: Map<string, unknown>; readonly key: string };

/** Objects as maps: a key `__proto__` is a key like any other. */
const asMaps = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : value;

/** JSON of a tree of maps and arrays. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${written(inner)}`).join(',')}}`;
  if (value instanceof RawJson) return value.text;
  return JSON.stringify(value) ?? 'null';
}

/** A text that may be no value of JavaScript's: `1e400`. */
class RawJson {
  constructor(readonly text: string) {}
}

function slotsOf(value: unknown, found: Slot[] = []): readonly Slot[] {
  if (Array.isArray(value))
    for (const [key, inner] of value.entries()) {
      found.push({ parent: value, key });
      slotsOf(inner, found);
    }
  else if (value instanceof Map)
    for (const [key, inner] of value) {
      found.push({ parent: value, key });
      slotsOf(inner, found);
    }
  return found;
}

const valueAt = ({ parent, key }: Slot): unknown =>
  parent instanceof Map ? parent.get(String(key)) : parent[Number(key)];

function put({ parent, key }: Slot, value: unknown): void {
  if (parent instanceof Map) parent.set(String(key), value);
  else parent[Number(key)] = value;
}

function remove({ parent, key }: Slot): void {
  if (parent instanceof Map) parent.delete(String(key));
  else parent.splice(Number(key), 1);
}

function change(slots: readonly Slot[], slot: Slot, mutation: TreeMutation): void {
  const value = valueAt(slot);
  switch (mutation.action) {
    case 'remove':
      remove(slot);
      break;
    case 'double':
      if (Array.isArray(slot.parent)) slot.parent.splice(Number(slot.key), 0, value);
      break;
    case 'wrap':
      put(slot, [value]);
      break;
    case 'put':
      put(slot, new RawJson(mutation.json));
      break;
    case 'copy': {
      const from = slots[mutation.from % slots.length];
      put(slot, new RawJson(from ? written(valueAt(from)) : 'null'));
      break;
    }
    case 'rename':
      if (!(slot.parent instanceof Map)) break;
      remove(slot);
      slot.parent.set(mutation.name, value);
      break;
    default:
      mutation satisfies never;
  }
}

/** The change done to a text of JSON; other bytes stay as they are. */
export function withTree(bytes: Uint8Array, mutation: TreeMutation): Uint8Array {
  // Only what begins as JSON does is worth the parser's time.
  if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return bytes;
  let tree: unknown;
  try {
    tree = JSON.parse(new TextDecoder().decode(bytes), asMaps);
  } catch {
    // Damaged before: there is no tree to change.
    return bytes;
  }
  const slots = slotsOf(tree);
  const slot = slots[mutation.at % Math.max(1, slots.length)];
  if (!slot) return bytes;
  change(slots, slot, mutation);
  return new TextEncoder().encode(written(tree));
}
