import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GroupTree } from '../store/groups/groupTree';
import type { Toggled } from '../store/groups/openGroups';
import { type GroupedScene, groupScene } from './groups/groupScene';
import type { LayoutRequest, SceneLayout } from './layout';
import { layouts } from './layoutClient';
import { requestOf } from './layoutRequest';
import type { Arrangement } from './nodeSize';
import { sameLayout } from './sameLayout';
import type { Scene } from './union';

export interface Arranged {
  readonly scene: Scene;
  readonly grouped: GroupedScene;
  /** Tells which model it is of, see `GraphArea`. */
  readonly key: string;
  /** With places for the nodes of both sides. */
  readonly layout: SceneLayout;
  /** The openings of groups that it was made for. */
  readonly toggled: Toggled;
  readonly captions: Captions;
}

/** What the graphs are called: while the next one is laid out, the name stays with the one that is drawn. */
export interface Captions {
  readonly before: string;
  readonly after: string;
}

/** What is to be laid out, and how. */
export interface Wanted {
  readonly scene: Scene | null;
  readonly key: string;
  readonly tree: GroupTree;
  readonly toggled: Toggled;
  readonly arrangement: Arrangement;
  readonly columns: boolean;
  readonly captions: Captions;
}

export interface Arranging {
  readonly arranged: Arranged | null;
  /** Under way for so long that somebody may want to end it; `cancelled` until the next one. */
  readonly state: 'idle' | 'slow' | 'cancelled';
  cancel(): void;
  /** Lays out what was cancelled. */
  again(): void;
}

/** From this on a layout shows that it is under way, in milliseconds. */
const SLOW = 300;

/** Nodes of the earlier side that share a place get it. */
function withSlots(layout: SceneLayout, slots: GroupedScene['slots']): SceneLayout {
  const positions = new Map(layout.positions);
  for (const [name, host] of slots) {
    const place = layout.positions.get(host);
    if (place !== undefined) positions.set(name, place);
  }
  return { ...layout, positions };
}

const messageOf = (error: unknown): string =>
  `The graph's layout: ${error instanceof Error ? error.message : String(error)}`;

/**
 * The scene, its closed groups drawn as one node each, with places for all that is drawn. Until the layout of a new
 * scene is there the previous one stays, whole: no node is ever drawn without its place.
 */
export function useArranged(wanted: Wanted, onError: (message: string) => void): Arranging {
  const { scene, key, tree, toggled, arrangement, columns, captions } = wanted;
  const [arranged, setArranged] = useState<Arranged | null>(null);
  const [state, setState] = useState<Arranging['state']>('idle');
  const [serial, setSerial] = useState(0);
  const last = useRef<{ readonly request: LayoutRequest; readonly layout: SceneLayout } | null>(null);
  const grouped = useMemo(() => scene && groupScene(scene, tree, toggled), [scene, tree, toggled]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `serial` asks for the same layout again
  useEffect(() => {
    if (scene === null || grouped === null) return;
    let isWanted = true;
    const request = requestOf(grouped, wanted);
    const show = (layout: SceneLayout) => {
      last.current = { request, layout };
      setState('idle');
      const next = { scene, grouped, key, toggled, captions, layout: withSlots(layout, grouped.slots) };
      // In slices: a graph of hundreds of nodes is more than one task should take.
      startTransition(() => setArranged(next));
    };
    if (last.current !== null && sameLayout(last.current.request, request)) return show(last.current.layout);
    const slow = setTimeout(() => setState('slow'), SLOW);
    layouts
      .layout(request)
      .then(
        (layout) => isWanted && show(layout),
        (error: unknown) => {
          if (!isWanted) return;
          setState('idle');
          onError(messageOf(error));
        },
      )
      .finally(() => clearTimeout(slow));
    return () => {
      isWanted = false;
      clearTimeout(slow);
    };
  }, [scene, grouped, key, toggled, arrangement, columns, captions, onError, serial]);
  const cancel = useCallback(() => {
    layouts.cancel();
    setState('cancelled');
  }, []);
  const again = useCallback(() => {
    setState('idle');
    setSerial((current) => current + 1);
  }, []);
  return { arranged: scene === null ? null : arranged, state, cancel, again };
}
