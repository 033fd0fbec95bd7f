import type { StepName } from '../../../src/index';
import type { OpenedProject } from '../../engine/projects/api';
import { STEPS } from '../vocabulary';
import { fromJson, pageSchema, type SavedPage } from './savedPage';

/*
 * The page's own part of a project. The engine holds the model by the time it is read: whatever is wrong with it, the
 * page has to follow. So it is read field by field, and what cannot be read begins anew.
 */

export interface ReadPage {
  readonly page: SavedPage;
  /** What could not be read, in words; null when all was. */
  readonly problem: string | null;
}

type Opened = Pick<OpenedProject, 'view' | 'settings' | 'page'>;

interface Fields {
  readonly good: readonly (readonly [string, unknown])[];
  /** `field: what is wrong with it`. */
  readonly bad: readonly string[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A field that is not there is one of a page from before it, where it has a default. */
function fieldsOf(found: object): Fields {
  const given = new Map<string, unknown>(Object.entries(found));
  const good: [string, unknown][] = [];
  const bad: string[] = [];
  for (const [field, schema] of Object.entries(pageSchema.shape)) {
    const parsed = schema.safeParse(given.get(field));
    if (!parsed.success) bad.push(`${field}: ${parsed.error.issues[0]?.message ?? 'not as it should be'}`);
    else if (given.has(field)) good.push([field, parsed.data]);
  }
  return { good, bad };
}

function readFields(json: string): Fields {
  try {
    const found = fromJson(json);
    if (typeof found === 'object' && found !== null) return fieldsOf(found);
    return { good: [], bad: ['it is no JSON object'] };
  } catch (error) {
    return { good: [], bad: [`it is not JSON, ${messageOf(error)}`] };
  }
}

const lastStep = ({ view }: Opened): StepName =>
  STEPS.findLast((step) => view.steps[step] !== undefined) ?? 'load';

/** A history of this moment alone. */
function historyOfNow(opened: Opened, settings: SavedPage['settings']) {
  const { state } = opened.view;
  return {
    history: [{ state, label: 'Load', settings, shown: lastStep(opened), time: Date.now() }],
    historyAt: 0,
  };
}

/** Undo counts from the entry of what is open. */
const isAtNow = ({ history, historyAt }: SavedPage, { view }: Opened): boolean =>
  history[historyAt]?.state === view.state;

/** Reads what the page remembered. The settings of the open work stand in for those that cannot be read. */
export function readPage(opened: Opened): ReadPage {
  const { settings } = opened;
  const { good, bad } = readFields(opened.page);
  const first = { settings, shown: lastStep(opened), ...historyOfNow(opened, settings) };
  const page = pageSchema.parse({ ...first, ...Object.fromEntries(good) });
  if (isAtNow(page, opened)) return { page, problem: bad.length === 0 ? null : bad.join('; ') };
  const astray = 'history: it does not lead to what is open';
  return {
    page: { ...page, settings, ...historyOfNow(opened, settings) },
    problem: [...bad, astray].join('; '),
  };
}
