import type { GraphView } from '../../../src/index';
import { inTask } from '../../inTask';
import { FIRST_LOOK } from '../../store/groups/graphLookSlice';
import { groupTree } from '../../store/groups/groupTree';
import type { Studio, StudioStore } from '../../store/studio';
import { windowSize } from '../../useWindowSize';
import { type GroupedScene, groupScene } from '../groups/groupScene';
import type { SceneLayout } from '../layout';
import { layouts } from '../layoutClient';
import { requestOf } from '../layoutRequest';
import { singleScene } from '../union';
import { hasRoomBeside } from '../viewport';
import { firstPictures, type Picture } from './pictures';

/** The page's side columns, in pixels, as app/styles/shell.css has them. */
const PIPELINE = 248;
const INSPECTOR = 340;

/** How wide the graph's pane will be. Windows above 1600 pixels have room for anything. */
function expectedWidth(): number {
  const { isNarrow, isStacked } = windowSize();
  if (isStacked) return window.innerWidth;
  return window.innerWidth - PIPELINE - (isNarrow ? 0 : INSPECTOR);
}

/** Whether the model's own graph is what will be drawn first, and whole. */
const showsLoad = ({ shown, left, right, played, pathFocus }: Studio): boolean =>
  shown === 'load' && left === null && right === null && played === null && pathFocus === null;

type Look = Pick<Studio, 'groupsToggled' | 'columns'>;

/** What is being laid out. */
interface Asked {
  readonly grouped: GroupedScene;
  readonly layout: Promise<SceneLayout>;
}

/** In tasks of their own: the scene of thousands of nodes, and the message that asks for its layout. */
async function ask(graph: GraphView, { groupsToggled: toggled, columns }: Look): Promise<Asked> {
  await new Promise<void>(inTask);
  const arrangement = hasRoomBeside({ width: expectedWidth(), height: window.innerHeight })
    ? 'beside'
    : 'above';
  const grouped = groupScene(singleScene(graph), groupTree(graph), toggled);
  await new Promise<void>(inTask);
  return { grouped, layout: layouts.begin(requestOf(grouped, { arrangement, columns })) };
}

async function pictureOf(asked: Promise<Asked>): Promise<Picture> {
  const { grouped, layout } = await asked;
  return { grouped, layout: await layout };
}

/**
 * Lays out the graph of each model from before the page takes it over, beside the page, which meanwhile makes the panes that will
 * draw it, and shows it until they do. They ask for the same layout, and get this one; where they ask for another, this
 * one is given up.
 */
export function layOutEarly(store: StudioStore): void {
  let ahead: { readonly graph: GraphView; readonly asked: Promise<Asked> } | null = null;
  store.setState({
    // Until the layout is asked for, and no longer: the page is drawn beside it.
    prepareGraph: async (graph) => {
      ahead = { graph, asked: ask(graph, { ...FIRST_LOOK, columns: store.getState().columns }) };
      // The pane asks for the same layout, and says what is wrong in its place.
      await ahead.asked.catch(() => undefined);
    },
  });
  let isAwaited = false;
  /** Of the model before: the store counts a new one before it takes its view over. */
  let stale: GraphView | undefined;
  store.subscribe((now, before) => {
    const graph = now.view.steps.load?.graph;
    if (now.modelSerial !== before.modelSerial) {
      [isAwaited, stale] = [true, before.view.steps.load?.graph];
      firstPictures.forget();
    }
    if (now.view.model === null) firstPictures.forget();
    if (!isAwaited || graph === undefined || graph === stale) return;
    [isAwaited, stale] = [false, undefined];
    const asked = ahead?.graph === graph ? ahead.asked : null;
    ahead = null;
    if (showsLoad(now)) firstPictures.await(() => pictureOf(asked ?? ask(graph, now)));
  });
}
