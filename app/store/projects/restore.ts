import type { StudioView } from '../../../src/index';
import type { EngineApi } from '../../engine/api';
import type { OpenedProject } from '../../engine/projects/api';
import { KEPT_GRAPHS } from '../compare/compareSlice';
import { treeOf } from '../groups/graphLookSlice';
import { isHeld } from '../selectors';
import type { GraphSource, Left, PlayedTo, Studio } from '../studio';
import { readPage } from './readPage';

/** Takes over a project that the engine has opened. `left` is where this tab was, if it knows better. */
export function takeProject(
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
  opened: OpenedProject,
  left: Left | null,
): void {
  const { id, name, view, saved } = opened;
  const { page, problem } = readPage(opened);
  const { shown, selected, inspectorOpen, playedTo, ...rest } = {
    ...page,
    ...left?.place,
    interrupted: left?.interrupted ?? page.interrupted,
  };
  set({
    ...rest,
    project: { id, name },
    saving: { kind: 'saved', time: saved },
    unsaved: false,
    inFile: null,
    modelSerial: get().modelSerial + 1,
    failures: {},
    runGraphs: new Map(),
    dataOptions: null,
    imagesWait: false,
    previews: [],
    pending: [],
    incomplete: null,
    assistant: null,
    anchor: null,
    details: null,
    detailsError: null,
    selected: null,
    played: null,
    explanation: null,
    column: null,
    alerts: get().alerts.filter(({ subject }) => subject === 'engine'),
  });
  get().adopt(view, shown);
  if (selected !== null && isHeld(get().view, selected)) get().select(selected);
  get().openInspector(inspectorOpen);
  // Selecting a node opens the groups around it: those that the user had closed are closed again.
  set(fittingLook(get().view, rest));
  if (playedTo !== null) void playTo(get, playedTo);
  if (problem !== null) tellOf(get, name, problem);
}

function tellOf(get: () => Studio, name: string, problem: string): void {
  const text = `A part of what the page remembers of this project cannot be read and begins anew (${problem}). Its model, data and results are as they were.`;
  get().report(text, { title: `Project ${name}`, subject: 'load' });
}

/** What is remembered of a graph that is no longer so is left out. */
function fittingLook(
  view: StudioView,
  { groupsToggled, pathFocus }: Pick<Studio, 'groupsToggled' | 'pathFocus'>,
): Pick<Studio, 'groupsToggled' | 'pathFocus'> {
  const { groups } = treeOf(view);
  return {
    groupsToggled: Object.fromEntries(Object.entries(groupsToggled).filter(([id]) => groups.has(id))),
    pathFocus: pathFocus !== null && isHeld(view, pathFocus.node) ? pathFocus : null,
  };
}

/** Back to the change that was shown last, if the step is the one that it was. */
async function playTo(get: () => Studio, { step, form, position, changes }: PlayedTo): Promise<void> {
  const { shown, form: shownForm, view, seek } = get();
  const isSame = shown === step && shownForm === form && view.steps[step]?.changes.length === changes;
  if (isSame && position <= changes) await seek(position);
}

/** The graphs of finished runs are the engine's, as far as it keeps the states that they are of. */
export async function bringRunGraphs(
  engine: EngineApi,
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
): Promise<void> {
  const { runs, modelSerial } = get();
  const newest = runs.slice(-KEPT_GRAPHS).flatMap(({ serial, state }) => (state ? [{ serial, state }] : []));
  if (newest.length === 0) return;
  const outcome = await engine.stateGraphs(newest.map(({ state }) => state));
  if (get().modelSerial !== modelSerial) return;
  if (!outcome.ok) return get().report(outcome.error.message, { title: 'Graphs of runs', subject: 'engine' });
  const known = outcome.value;
  const runGraphs = new Map(
    newest.flatMap(({ serial, state }) => {
      const graphs = known.get(state);
      return graphs === undefined ? [] : [[serial, graphs] as const];
    }),
  );
  const isThere = (source: GraphSource | null) => source?.run == null || runGraphs.has(source.run);
  const { left, right } = get();
  set({ runGraphs, ...(isThere(left) ? {} : { left: null }), ...(isThere(right) ? {} : { right: null }) });
}
