import { useEffect, useMemo, useRef, useState } from 'react';
import type { GraphView, StepName } from '../../src/index';
import { atOnce, type InParts, inTasks } from '../inParts';
import type { NodeDifference } from '../store/compare/differencesOf';
import type { ComparedSides } from '../store/compare/sides';
import type { GroupTree } from '../store/groups/groupTree';
import type { Toggled } from '../store/groups/openGroups';
import type { PlayedStep } from '../store/studio';
import { groupInParts } from './groups/groupScene';
import { playScene } from './playback/playScene';
import { compareInParts, type Scene, singleScene } from './union';

/** What is asked for: a step alone, compared, or between two of its changes. */
export interface Shown {
  /** Which model it is of. */
  readonly serial: number;
  readonly step: StepName;
  /** The step's graph; null while it has not run. */
  readonly graph: GraphView | null;
  readonly sides: ComparedSides | null;
  readonly differences: readonly NodeDifference[];
  readonly played: PlayedStep | null;
}

/** What is drawn of it. */
export interface Ready {
  readonly shown: Shown;
  readonly scene: Scene | null;
}

/** Scenes of so few nodes are made where they are asked for. */
const SMALL = 300;

/** Made at once: the scene of a graph alone is that graph, and who goes from change to change must not wait. */
function simpleScene({ graph, sides, played }: Shown): Scene | null | undefined {
  if (graph === null) return null;
  if (played !== null) return playScene(played, sides !== null);
  return sides === null ? singleScene(graph) : undefined;
}

function* sceneOf(shown: Shown): InParts<Scene | null> {
  const simple = simpleScene(shown);
  if (simple !== undefined || shown.sides === null) return simple ?? null;
  const { left, right } = shown.sides;
  return yield* compareInParts(left.graph, right.graph, shown.differences);
}

function nodesOf({ graph, sides, played }: Shown): number {
  if (graph === null || played !== null) return 0;
  return sides === null ? graph.nodes.length : sides.left.graph.nodes.length + sides.right.graph.nodes.length;
}

/** A scene of many nodes with its groups, made in parts: what draws it finds both made. */
function useLater(shown: Shown, isLarge: boolean, tree: GroupTree, toggled: Toggled): Ready | null {
  const [made, setMade] = useState<Ready | null>(null);
  // A group that is opened makes no other scene: what is drawn then is grouped where it is laid out.
  const groups = useRef({ tree, toggled });
  groups.current = { tree, toggled };
  useEffect(() => {
    if (!isLarge) return;
    let isWanted = true;
    function* make(): InParts<Ready> {
      const scene = yield* sceneOf(shown);
      if (scene !== null) yield* groupInParts(scene, groups.current.tree, groups.current.toggled);
      return { shown, scene };
    }
    inTasks(make(), () => isWanted).then(
      (ready) => ready && setMade(ready),
      (error: unknown) =>
        setMade(() => {
          throw error;
        }),
    );
    return () => {
      isWanted = false;
    };
  }, [shown, isLarge]);
  return made;
}

/**
 * What can be drawn of what is shown, at once where it is small: two graphs of thousands of nodes take longer to be made one
 * scene than the page should keep anybody waiting. Meanwhile what was drawn before stays, with all that belongs to it.
 */
export function useReady(shown: Shown, tree: GroupTree, toggled: Toggled): Ready {
  const isLarge = nodesOf(shown) > SMALL;
  const now = useMemo(
    (): Ready | null => (isLarge ? null : { shown, scene: atOnce(sceneOf(shown)) }),
    [shown, isLarge],
  );
  const later = useLater(shown, isLarge, tree, toggled);
  const last = useRef<Ready | null>(null);
  const made = now ?? (later?.shown === shown ? later : null);
  last.current = made ?? last.current ?? { shown, scene: simpleScene(shown) ?? null };
  return last.current;
}
