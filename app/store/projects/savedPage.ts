import { z } from '../../zod';
import type { Advised, Compared } from '../findings';
import type { FinishedRun } from '../finishedRuns';
import { METHODS_VIEWS, PLOT_KINDS, PLOT_ORDERS, type Place, SPEEDS, type Studio, TABS } from '../studio';
import { type BESIDE_TITLES, STEPS } from '../vocabulary';
import { settingsSchema } from './settingsSchema';

/*
 * What the page itself has to remember of a project, as JSON. A field that is to outlast a reload stands in one of these
 * lists; a page saved before the field was there comes back with its default.
 */

const step = z.enum(STEPS);
const interrupted = z.object({
  job: z.enum([...STEPS, 'compareMethods', 'advise', 'checkRuntime'] as const satisfies (
    | (typeof STEPS)[number]
    | keyof typeof BESIDE_TITLES
  )[]),
  settings: settingsSchema,
});

/** Found by the engine, too large to be spelled here; a page that cannot show one says so in its own boundary. */
const rowsOf = <T>(key: string) =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && key in value);

/** Where the user is. Small: it is kept at every change. */
export const placeSchema = z.object({
  shown: step.default('load'),
  form: z.enum(['lowered', 'reference']).default('lowered'),
  mode: z.enum(['single', 'compare']).default('single'),
  tab: z.enum(TABS).default('layers'),
  inspectorOpen: z.boolean().default(false),
  lowerOpen: z.boolean().default(true),
  painted: z.boolean().default(false),
  selected: z.string().nullable().default(null),
  marked: z.array(z.string()).default([]),
  methodsView: z.enum(METHODS_VIEWS).default('comparison'),
  outlineOpen: z.boolean().default(false),
  minimap: z.boolean().default(true),
  columns: z.boolean().default(true),
  speed: z.literal([...SPEEDS]).default(1),
  plotKind: z.enum(PLOT_KINDS).default('input'),
  plotLogs: z.array(z.enum(PLOT_KINDS)).default(['scale']),
  plotSort: z.enum(PLOT_ORDERS).default('order'),
  plotsTall: z.boolean().default(true),
}) satisfies z.ZodType<Place>;

/** What a tab remembers by itself. */
export const leftSchema = z.object({
  id: z.string(),
  place: placeSchema,
  interrupted: interrupted.nullable(),
});

const entry = z.object({
  state: z.number(),
  label: z.string(),
  settings: settingsSchema,
  shown: step,
  time: z.number(),
});

export const pageSchema = placeSchema.extend({
  settings: settingsSchema,
  sample: z.string().nullable().default(null),
  runs: z.array(rowsOf<FinishedRun>('results')).default([]),
  compared: rowsOf<Compared>('rows').nullable().default(null),
  advice: rowsOf<Advised>('rows').nullable().default(null),
  history: z.array(entry),
  historyAt: z.int().nonnegative(),
  interrupted: interrupted.nullable().default(null),
});
export type SavedPage = Readonly<z.infer<typeof pageSchema>>;

/** What JSON has no word for. */
const SPECIAL = ['NaN', 'Infinity', '-Infinity'] as const;
const specialSchema = z.strictObject({ $number: z.enum(SPECIAL) });

const written = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;

const readValue = (_: string, value: unknown): unknown => {
  const special = specialSchema.safeParse(value);
  return special.success ? Number(special.data.$number) : value;
};

export const toJson = (value: unknown): string => JSON.stringify(value, written);
export const fromJson = (json: string): unknown => JSON.parse(json, readValue);

const PLACE_KEYS = Object.keys(placeSchema.shape);
const PAGE_KEYS = Object.keys(pageSchema.shape);

const picked = (studio: Studio, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(studio).filter(([key]) => keys.includes(key)));

/** What a job under way was started for, so that it can be run again. */
export function interruptedBy({ job, settings, interrupted: before }: Studio): Studio['interrupted'] {
  const found = interrupted.safeParse({ job: job?.step, settings });
  return found.success && found.data.job !== 'load' ? found.data : before;
}

export const placeOf = (studio: Studio): Place => placeSchema.parse(picked(studio, PLACE_KEYS));

/** A job may have set settings that its results do not have yet: the entry of now has those that count. */
export function pageOf(studio: Studio): SavedPage {
  const { history, historyAt, job, settings } = studio;
  const settled = job === null ? settings : (history[historyAt]?.settings ?? settings);
  return pageSchema.parse({
    ...picked(studio, PAGE_KEYS),
    settings: settled,
    interrupted: interruptedBy(studio),
  });
}
