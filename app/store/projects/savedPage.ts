import { settingsSchema } from '../../settingsSchema';
import { z } from '../../zod';
import type { Advised, Compared } from '../findings';
import type { FinishedRun } from '../finishedRuns';
import type { Studio } from '../studio';
import { type BESIDE_TITLES, STEPS } from '../vocabulary';
import { picked, placeOf, placeSchema, stepSchema } from './savedPlace';

/*
 * What the page itself has to remember of a project, as JSON: where the user is (`savedPlace`) and what is listed here. A
 * page saved before a field was there comes back with its default.
 */

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

/** What a tab remembers by itself. */
export const leftSchema = z.object({
  id: z.string(),
  name: z.string().default(''),
  place: placeSchema,
  interrupted: interrupted.nullable(),
});

const entry = z.object({
  state: z.number(),
  label: z.string(),
  settings: settingsSchema,
  shown: stepSchema,
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

/** For what a tab remembers by itself: where it is damaged, there is nothing. */
export function jsonOrNull(json: string): unknown {
  try {
    return fromJson(json);
  } catch {
    return null;
  }
}

const OWN_KEYS: ReadonlySet<string> = new Set(Object.keys(pageSchema.shape));

/** What the job under way was asked for, whichever step it has come to, so that it can be run again. */
export function interruptedBy({ job, settings, interrupted: before }: Studio): Studio['interrupted'] {
  const found = interrupted.safeParse({ job: job?.goal, settings });
  return found.success && found.data.job !== 'load' ? found.data : before;
}

/** A job may have set settings that its results do not have yet: the entry of now has those that count. */
export function pageOf(studio: Studio): SavedPage {
  const { history, historyAt, job, settings } = studio;
  const settled = job === null ? settings : (history[historyAt]?.settings ?? settings);
  return pageSchema.parse({
    ...picked(studio, OWN_KEYS),
    ...placeOf(studio),
    settings: settled,
    interrupted: interruptedBy(studio),
  });
}
