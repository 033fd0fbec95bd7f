import { groupTree } from '../store/groups/groupTree';
import type { Studio, StudioStore } from '../store/studio';
import { groupScene } from './groups/groupScene';
import { layouts } from './layoutClient';
import { requestOf } from './layoutRequest';
import { singleScene } from './union';
import { hasRoomBeside } from './viewport';

/** What stands beside the graph, in pixels: with it a window is as wide as the panes that are not there yet need it to be. */
const BESIDE_GRAPH = 600;

/** Whether the model's own graph is what will be drawn first, and whole. */
const showsLoad = ({ shown, left, right, played, pathFocus }: Studio): boolean =>
  shown === 'load' && left === null && right === null && played === null && pathFocus === null;

/**
 * Lays out the graph of each model from the moment it is open, beside the page, which meanwhile makes the panes that will
 * draw it. They ask for the same layout, and get this one; where they ask for another, this one is given up.
 */
export function layOutEarly(store: StudioStore): void {
  store.subscribe((now, before) => {
    const graph = now.view.steps.load?.graph;
    if (graph === undefined || graph === before.view.steps.load?.graph || !showsLoad(now)) return;
    const grouped = groupScene(singleScene(graph), groupTree(graph), now.groupsToggled);
    const pane = { width: window.innerWidth - BESIDE_GRAPH, height: window.innerHeight };
    const arrangement = hasRoomBeside(pane) ? 'beside' : 'above';
    layouts.begin(requestOf(grouped, { arrangement, columns: now.columns }));
  });
}
