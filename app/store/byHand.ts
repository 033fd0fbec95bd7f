import type { LayerView, Method, NodeDetails, ScaleEdit, Settings } from '../../src/index';
import type { LayerMethodChoice } from './vocabulary';

/*
 * What the user decides for single layers, as the settings keep it.
 */

type Scales = Settings['byHand']['scales'];

/** What a scale may be: within float32's comfortable range, as the engine demands. */
const SCALE_LIMITS = { smallest: 2 ** -63, largest: 2 ** 63 } as const;

/** Why this is no scale, and what is one; null when it is one. */
export function scaleProblem(text: string): string | null {
  const value = Number(text);
  const { smallest, largest } = SCALE_LIMITS;
  if (text.trim() !== '' && value >= smallest && value <= largest) return null;
  return 'A scale is a number above 0, from 2^−63 (1.1e−19) to 2^63 (9.2e18); 1 leaves the column as it is.';
}

/** Why this is no column of so many; null when it is one. */
export function columnProblem(text: string, columns: number): string | null {
  const column = Number(text);
  if (text.trim() !== '' && Number.isInteger(column) && column >= 0 && column < columns) return null;
  return `A column is a whole number from 0 to ${columns - 1}.`;
}

export const withinLimits = (value: number): number =>
  Math.min(SCALE_LIMITS.largest, Math.max(SCALE_LIMITS.smallest, value));

/**
 * The scales set by hand that count for a layer, by column. The settings say what is set now; the engine's details, which
 * may be those of a moment ago, say what reaches the layer from others.
 */
export function editsOf(
  { name, scaleEdits }: Pick<NodeDetails, 'name' | 'scaleEdits'>,
  scales: Scales,
): readonly ScaleEdit[] {
  const found = new Map<number, ScaleEdit>();
  for (const edit of scaleEdits) {
    const value = scales[edit.layer]?.[edit.at];
    if (value !== undefined) found.set(edit.column, { ...edit, value });
  }
  for (const [at, value] of Object.entries(scales[name] ?? {}))
    found.set(Number(at), { column: Number(at), value, layer: name, at: Number(at) });
  return [...found.values()].toSorted((a, b) => a.column - b.column);
}

/** All scales set by hand, each at the layer that it was set at. */
export const allEdits = (scales: Scales): readonly ScaleEdit[] =>
  Object.entries(scales).flatMap(([layer, columns]) =>
    Object.entries(columns).map(([at, value]) => ({ column: Number(at), value, layer, at: Number(at) })),
  );

/** `k`, `k and v`, `k, v and 3 more`. */
export function layerNames(layers: readonly string[]): string {
  const [first = '', second, ...more] = layers;
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
}

/** The scales without these; a layer without any leaves nothing behind. */
export function withoutScales(scales: Scales, edits: readonly Pick<ScaleEdit, 'layer' | 'at'>[]): Scales {
  const isGone = (layer: string, at: string) =>
    edits.some((edit) => edit.layer === layer && String(edit.at) === at);
  const left = Object.entries(scales).map(
    ([layer, columns]) =>
      [layer, Object.fromEntries(Object.entries(columns).filter(([at]) => !isGone(layer, at)))] as const,
  );
  return Object.fromEntries(left.filter(([, columns]) => Object.keys(columns).length > 0));
}

/** The method by hand that counts for a layer, and where it was chosen; null where the global one counts. */
export function ownMethod(
  { name, region }: Pick<LayerView, 'name' | 'region'>,
  methods: Settings['byHand']['methods'],
): { readonly method: Method; readonly chosenAt: string } | null {
  const chosenAt = [name, ...region].find((layer) => methods[layer] !== undefined);
  const method = chosenAt === undefined ? undefined : methods[chosenAt];
  return chosenAt === undefined || method === undefined ? null : { method, chosenAt };
}

/** A choice in a sentence. */
export const choiceWords = (choice: LayerMethodChoice): string =>
  choice === 'global' ? 'as global' : choice;
