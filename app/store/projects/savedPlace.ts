import { z } from '../../zod';
import { NO_FILTER } from '../layersTable/layersTableSlice';
import { playedOf } from '../playback/position';
import {
  METHODS_VIEWS,
  PLOT_KINDS,
  PLOT_ORDERS,
  type Place,
  type PlaceFields,
  type PlayedTo,
  SPEEDS,
  type Studio,
  TABS,
} from '../studio';
import { STEPS } from '../vocabulary';

/*
 * Where the user is in a project, as JSON. A field that is to outlast a reload stands here; what was saved before the field
 * was there comes back with its default. What no longer fits the results is left out by `fittingPlace`.
 */

export const stepSchema = z.enum(STEPS);
const formSchema = z.enum(['lowered', 'reference']);
const size = z.int().nonnegative();

/** A finished run's serial, or null for the work as it stands. */
const source = z.object({ run: size.nullable(), step: stepSchema });

const pathFocus = z.object({
  node: z.string(),
  to: z.enum(['inputs', 'outputs', 'both']),
  hides: z.boolean(),
});

const layerFilter = z.object({
  text: z.string(),
  decision: z.enum(['fold', 'mul', 'skip', 'open']).nullable(),
  type: z.string().nullable(),
  equalize: z.enum(['on', 'off']).nullable(),
  below: z.number().nullable(),
  losing: z.boolean(),
});

const playedTo = z.object({ step: stepSchema, form: formSchema, position: size, changes: size });

const fields = z.object({
  shown: stepSchema.default('load'),
  form: formSchema.default('lowered'),
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
  groupsToggled: z.record(z.string(), z.boolean()).default({}),
  pathFocus: pathFocus.nullable().default(null),
  left: source.nullable().default(null),
  right: source.nullable().default(null),
  differenceKind: z.enum(['added', 'removed', 'changed', 'rewired']).nullable().default(null),
  layerFilter: layerFilter.default(NO_FILTER),
  speed: z.literal([...SPEEDS]).default(1),
  plotKind: z.enum(PLOT_KINDS).default('input'),
  plotLogs: z.array(z.enum(PLOT_KINDS)).default(['scale']),
  plotSort: z.enum(PLOT_ORDERS).default('order'),
  plotsTall: z.boolean().default(true),
  tensor: z.string().nullable().default(null),
}) satisfies z.ZodType<PlaceFields>;

/** Small: it is kept at every change. */
export const placeSchema = fields.extend({
  playedTo: playedTo.nullable().default(null),
}) satisfies z.ZodType<Place>;

const FIELDS: ReadonlySet<string> = new Set(Object.keys(fields.shape));
const FIELD_NAMES = fields.keyof().options;

/** The fields of a shape that the store has. */
export const picked = (studio: Studio, keys: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(studio).filter(([key]) => keys.has(key)));

function playedToOf(studio: Studio): PlayedTo | null {
  const played = playedOf(studio);
  if (played === null) return null;
  const { of, form, position } = played;
  return { step: of.step, form, position, changes: of.changes.length };
}

const writtenPlace = (studio: Studio) => ({ ...picked(studio, FIELDS), playedTo: playedToOf(studio) });

export const placeOf = (studio: Studio): Place => placeSchema.parse(writtenPlace(studio));

/** Where the user is, or the first place: for those who must not fail over it. */
export const placeOrFirst = (studio: Studio): Place =>
  placeSchema.safeParse(writtenPlace(studio)).data ?? placeSchema.parse({});

/** Whether the user has gone elsewhere. */
export const movedPlace = (after: Studio, before: Studio): boolean => {
  if (after.played !== before.played) return true;
  return FIELD_NAMES.some((name) => after[name] !== before[name]);
};
