import * as Comlink from 'comlink';
import { useEffect, useState } from 'react';
import type { LayoutRequest, Positions } from './layout';
import type { Arrangement } from './nodeSize';
import type { Scene } from './union';

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
  useEffect(() => {
    if (scene === null) return;
    let wanted = true;
    const request: LayoutRequest = {
      arrangement,
      nodes: scene.union.nodes.map(({ name, role }) => ({ name, role })),
      edges: scene.union.edges,
    };
    layoutWorker()(request).then(
      (laidOut) => {
        const positions = new Map(laidOut);
        for (const [name, host] of scene.slots) {
          const place = laidOut.get(host);
          if (place !== undefined) positions.set(name, place);
        }
        if (wanted) setArranged({ scene, key, positions });
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
