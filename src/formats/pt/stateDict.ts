import { FormatError } from '../errors';
import { PickleDict, type PickleValue, showPickle } from '../pickle/value';
import { StoredTensor } from './storedTensor';
import { WAY_OUT } from './torchWorld';

/** Keys under which training scripts keep the state dict, the ones to prefer first. */
const KNOWN_KEYS = [
  'params_ema',
  'state_dict',
  'model_state_dict',
  'model',
  'params',
  'net',
  'network',
  'module',
  'weights',
  'state_dict_ema',
  'ema',
];
/** Checkpoints nest a few levels; a file that nests endlessly (lists that hold themselves) is not followed. */
const MAX_DEPTH = 4;

export interface FoundStateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Remarks: where the tensors were found, what was left out. */
  readonly notes: readonly string[];
}

interface Candidate {
  readonly path: readonly string[];
  readonly dict: PickleDict;
}

const holdsTensors = (dict: PickleDict): boolean => {
  for (const value of dict.entries.values()) if (value instanceof StoredTensor) return true;
  return false;
};

/** Every dict with tensors in it, from the outside in. */
function candidates(
  value: PickleValue,
  path: readonly string[],
  seen: Set<PickleValue>,
): readonly Candidate[] {
  if (!(value instanceof PickleDict) || path.length > MAX_DEPTH || seen.has(value)) return [];
  seen.add(value);
  if (holdsTensors(value)) return [{ path, dict: value }];
  return [...value.entries].flatMap(([key, inner]) => candidates(inner, [...path, String(key)], seen));
}

/** The preferred one: by the last known key of its path, then the outermost. */
function prefer(found: readonly Candidate[]): Candidate | undefined {
  const rank = ({ path }: Candidate) => {
    const ranks = path.map((key) => KNOWN_KEYS.indexOf(key)).filter((at) => at >= 0);
    return ranks.length > 0 ? Math.min(...ranks) : path.length === 0 ? -1 : KNOWN_KEYS.length;
  };
  return [...found].sort((a, b) => rank(a) - rank(b) || a.path.length - b.path.length)[0];
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')}, … (${names.length})` : names.join(', ');

/**
 * The state dict in what a file holds: the value itself, or a dict below it (`checkpoint['state_dict']`). Throws a
 * FormatError when there are no named tensors.
 */
export function findStateDict(root: PickleValue, file: string): FoundStateDict {
  const found = candidates(root, [], new Set());
  const chosen = prefer(found);
  if (!chosen)
    throw new FormatError(file, `holds ${showPickle(root)}, and no dict of named tensors in it. ${WAY_OUT}`);
  const tensors = new Map<string, StoredTensor>();
  const others: string[] = [];
  for (const [key, value] of chosen.dict.entries)
    if (value instanceof StoredTensor && typeof key === 'string') tensors.set(key, value);
    else others.push(typeof key === 'string' ? key : showPickle(key));
  if (tensors.size === 0) throw new FormatError(file, `holds tensors, but none under a name. ${WAY_OUT}`);
  const path = ({ path: keys }: Candidate) => keys.map((key) => `['${key}']`).join('');
  const unread = found.filter((candidate) => candidate !== chosen).map(path);
  return {
    tensors,
    notes: [
      ...(chosen.path.length > 0 ? [`The state dict stands under ${path(chosen)}.`] : []),
      ...(unread.length > 0 ? [`Left out: the tensors under ${listed(unread)}.`] : []),
      ...(others.length > 0 ? [`Left out, because they are no tensors: ${listed(others)}.`] : []),
    ],
  };
}
