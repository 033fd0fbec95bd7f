import type { GraphView } from '../../../src/index';
import { inTask } from '../../inTask';
import { groupTree } from '../../store/groups/groupTree';
import type { Studio, StudioStore } from '../../store/studio';
import { windowSize } from '../../useWindowSize';
import { groupScene } from '../groups/groupScene';
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

/** In tasks of their own: the scene of thousands of nodes, and the message that asks for its layout. */
async function pictureOf(graph: GraphView, { groupsToggled: toggled, columns }: Studio): Promise<Picture> {
  await new Promise<void>(inTask);
  const arrangement = hasRoomBeside({ width: expectedWidth(), height: window.innerHeight })
    ? 'beside'
    : 'above';
  const grouped = groupScene(singleScene(graph), groupTree(graph), toggled);
  await new Promise<void>(inTask);
  const layout = await layouts.begin(requestOf(grouped, { arrangement, columns }));
  return { grouped, layout };
}

/**
 * Lays out the graph of each model from the moment it is open, beside the page, which meanwhile makes the panes that will
 * draw it, and shows it until they do. They ask for the same layout, and get this one; where they ask for another, this
 * one is given up.
 */
export function layOutEarly(store: StudioStore): void {
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
    if (showsLoad(now)) firstPictures.await(() => pictureOf(graph, now));
  });
}
