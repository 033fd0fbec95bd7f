import { useDeferredValue, useMemo, useRef } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../store/context';
import { type GroupTree, groupTree, NO_GROUPS } from '../store/groups/groupTree';
import { STEP_WORDS } from '../store/vocabulary';
import type { Drawing } from './elements';
import type { GroupedScene } from './groups/groupScene';
import type { Marks } from './marks';
import { usePathScene } from './path/usePathScene';
import { useFollow } from './playback/useFollow';
import { type Match, matchesOf } from './search/matches';
import type { Scene } from './union';
import { type Arranged, type Arranging, type Captions, useArranged, type Wanted } from './useArranged';
import { type ShownScene, useDecisions, useGains, useScene } from './useScene';
import { drawnOf, useViewport } from './useViewport';
import { boundsOf, covers, hasRoomBeside, type Rect, type Size, sightOf } from './viewport';

/** The same object while the words are the same. */
function useCaptions({ sides, step }: ShownScene): Captions {
  const { title } = STEP_WORDS[step];
  const after = sides === null ? title : `after · ${sides.words}`;
  const before = `before · ${sides?.wordsBefore ?? ''}`;
  return useMemo(() => ({ before, after }), [before, after]);
}

/** What was wanted last of a model that is still drawn: the groups and settings are the next one's, whose scene is being made. */
function useOwn(wanted: Wanted, isOwn: boolean): Wanted {
  const last = useRef(wanted);
  if (isOwn) last.current = wanted;
  return last.current;
}

/** The graph of the shown step with places for its nodes, in a pane of that size; two panes share the width. */
function useDrawing(width: number, height: number) {
  const serial = useStudio((studio) => studio.modelSerial);
  const load = useStudio((studio) => studio.view.steps.load);
  const tree = load === undefined ? NO_GROUPS : groupTree(load.graph);
  const shown = useScene(tree);
  const { scene: whole, sides, step } = shown;
  const { scene, path } = usePathScene(whole);
  const key = String(shown.serial);
  const report = useStudio((studio) => studio.report);
  const toggled = useStudio((studio) => studio.groupsToggled);
  const columns = useStudio((studio) => studio.columns);
  const room = { width: width / (scene?.before ? 2 : 1), height };
  const arrangement = hasRoomBeside(room) ? 'beside' : 'above';
  const captions = useCaptions(shown);
  const wanted = useOwn(
    { scene: width > 0 ? scene : null, key, tree, toggled, arrangement, columns, captions },
    shown.serial === serial,
  );
  const arranging = useArranged(wanted, report);
  const panes = arranging.arranged?.scene.before ? 2 : 1;
  const pane = useMemo(() => ({ width: width / panes, height }), [width, panes, height]);
  const isStale = arranging.arranged !== null && arranging.arranged.key !== String(serial);
  return { arranging, sides, step, pane, path, whole, tree, isStale };
}

/** What the search found, and how to get there. */
function useSearch(scene: Scene | null, tree: GroupTree) {
  const text = useDeferredValue(useStudio((studio) => studio.searchText));
  const goToNode = useStudio((studio) => studio.goTo);
  const goToGroup = useStudio((studio) => studio.goToGroup);
  const matches = useMemo(() => {
    if (scene === null) return [];
    const names = new Set(scene.after.nodes.map(({ name }) => name));
    const gone = (scene.before?.nodes ?? []).filter(({ name }) => !names.has(name));
    return matchesOf(text, [...scene.after.nodes, ...gone], tree);
  }, [text, scene, tree]);
  const goTo = ({ kind, id }: Match) => (kind === 'group' ? goToGroup(id) : goToNode(id));
  return { matches, goTo };
}

/** What the nodes show of a search and of a path that is followed. */
function useMarks(matches: readonly Match[], path: ReadonlySet<string> | null, grouped: GroupedScene | null) {
  return useMemo((): Marks => {
    const hits = new Set(matches.filter(({ kind }) => kind === 'node').map(({ id }) => id));
    const sides = [grouped?.after, grouped?.before];
    const open = new Set(
      sides
        .flatMap((side) => side?.closed ?? [])
        .flatMap(({ group, members }) =>
          path === null || members.some(({ name }) => path.has(name)) ? [group.id] : [],
        ),
    );
    return { hits, isOffPath: (id) => path !== null && !path.has(id) && !open.has(id) };
  }, [matches, path, grouped]);
}

/** What one pane draws; the same object while nothing of it changes. */
function useSide(
  arranged: Arranged | null,
  which: 'before' | 'after',
  decisions: Drawing['decisions'],
  gains: Drawing['gains'],
): Drawing | null {
  const side = arranged?.grouped[which] ?? null;
  const layout = arranged?.layout ?? null;
  return useMemo(
    () => (side === null || layout === null ? null : { side, layout, decisions, gains }),
    [side, layout, decisions, gains],
  );
}

/** A graph of fewer nodes is found without a map, which would lie over it. */
const SMALL = 24;

/** The whole graph, for the minimap, while it is wanted and there is more than the pane shows. */
function useMapped(arranged: Arranged | null, pane: Size, viewport: Viewport): Rect | null {
  const isWanted = useStudio((studio) => studio.minimap);
  const bounds = useMemo(() => (arranged === null ? null : boundsOf(drawnOf(arranged))), [arranged]);
  const isSmall = arranged === null || arranged.grouped.items.length < SMALL;
  if (!isWanted || isSmall || bounds === null || pane.width < 300 || pane.height < 260) return null;
  return covers(sightOf(viewport, pane), bounds) ? null : bounds;
}

/** Ends a layout; what was opened for it is closed again, where there is a picture to go back to. */
function useCancelLayout({ arranged, cancel }: Arranging) {
  const restore = useStudio((studio) => studio.restoreGroups);
  return () => {
    cancel();
    if (arranged !== null) restore(arranged.toggled);
  };
}

/** All that the panes draw of the shown step in a room of that size, and how it is moved, searched and followed. */
export function usePicture(width: number, height: number) {
  const { arranging, sides, step, pane, path, whole, tree, isStale } = useDrawing(width, height);
  const { arranged } = arranging;
  const [viewport, onViewport] = useViewport(arranged, pane);
  const search = useSearch(whole, tree);
  const marks = useMarks(search.matches, path, arranged?.grouped ?? null);
  useFollow(arranged, pane, onViewport);
  const decisions = useDecisions();
  const gains = useGains();
  const earlier = useSide(arranged, 'before', decisions(sides?.before ?? null), gains);
  const later = useSide(arranged, 'after', decisions(sides?.after ?? step), gains);
  const mapped = useMapped(arranged, pane, viewport);
  const onCancel = useCancelLayout(arranging);
  const wait = { arranging, nodes: whole?.union.nodes.length ?? 0, onCancel };
  return {
    earlier,
    later,
    captions: arranged?.captions ?? null,
    mapped,
    search,
    marks,
    path,
    gains,
    wait,
    isStale,
    moved: { pane, viewport, onViewport },
  };
}
