import type { OpenedProject } from '../../engine/projects/api';
import type { Left, Studio } from '../studio';
import { fromJson, pageSchema, type SavedPage } from './savedPage';

/** What the page remembered; a project of another version of the page says what is wrong with it. */
export function readPage(json: string): SavedPage {
  const parsed = pageSchema.safeParse(fromJson(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `What the page remembers of this project cannot be read (${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}).`,
  );
}

/** Takes over a project that the engine has opened. `left` is where this tab was, if it knows better. */
export function takeProject(
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
  { id, name, view, page: json, saved }: OpenedProject,
  left: Left | null,
): void {
  const page = readPage(json);
  const { shown, selected, inspectorOpen, ...rest } = {
    ...page,
    ...left?.place,
    interrupted: left?.interrupted ?? page.interrupted,
  };
  set({
    ...rest,
    project: { id, name },
    saving: { kind: 'saved', time: saved },
    modelSerial: get().modelSerial + 1,
    failures: {},
    dataOptions: null,
    imagesWait: false,
    previews: [],
    pending: [],
    incomplete: null,
    anchor: null,
    details: null,
    detailsError: null,
    selected: null,
    column: null,
    alerts: get().alerts.filter(({ subject }) => subject === 'engine'),
  });
  get().adopt(view, shown);
  if (selected !== null) get().select(selected);
  get().openInspector(inspectorOpen);
}
