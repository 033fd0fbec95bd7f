import * as Comlink from 'comlink';
import { useEffect, useRef, useState } from 'react';
import type { LayoutRequest, Positions } from './layout';
import type { Arrangement } from './nodeSize';
import type { Scene, Side } from './union';

type Arrange = (request: LayoutRequest) => Promise<Positions>;

let arrange: Arrange | null = null;

/** The layout worker, started when the first graph is drawn. */
function layoutWorker(): Arrange {
  if (arrange === null) {
    const worker = new Worker(new URL('./layoutWorker.ts', import.meta.url), {
      type: 'module',
      name: 'layout',
    });
    arrange = Comlink.wrap<(request: LayoutRequest) => Positions>(worker);
  }
  return arrange;
}

export interface Arranged {
  readonly scene: Scene;
  /** Tells which model it is of, see `GraphArea`. */
  readonly key: string;
  readonly positions: Positions;
}

interface LaidOut {
  readonly union: Side;
  readonly arrangement: Arrangement;
  readonly places: Positions;
}

/** Nodes that share another's place get it. */
function placed({ slots }: Scene, places: Positions): Positions {
  const positions = new Map(places);
  for (const [name, host] of slots) {
    const place = places.get(host);
    if (place !== undefined) positions.set(name, place);
  }
  return positions;
}

/**
 * The scene with places for its nodes. Until the layout of a new scene is there the previous one stays, whole:
 * no node is ever drawn without its place.
 */
export function useArranged(
  scene: Scene | null,
  key: string,
  arrangement: Arrangement,
  onError: (message: string) => void,
): Arranged | null {
  const [arranged, setArranged] = useState<Arranged | null>(null);
  const laid = useRef<LaidOut | null>(null);
  useEffect(() => {
    if (scene === null) return;
    const known = laid.current;
    // Scenes of one step that is being played share one union: its nodes keep their places.
    if (known?.union === scene.union && known.arrangement === arrangement) {
      setArranged({ scene, key, positions: placed(scene, known.places) });
      return;
    }
    let wanted = true;
    const request: LayoutRequest = {
      arrangement,
      nodes: scene.union.nodes.map(({ name, role }) => ({ name, role })),
      edges: scene.union.edges,
    };
    layoutWorker()(request).then(
      (laidOut) => {
        if (!wanted) return;
        laid.current = { union: scene.union, arrangement, places: laidOut };
        setArranged({ scene, key, positions: placed(scene, laidOut) });
      },
      (error: unknown) => {
        if (wanted) onError(`The graph's layout: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
    return () => {
      wanted = false;
    };
  }, [scene, key, arrangement, onError]);
  return scene === null ? null : arranged;
}
