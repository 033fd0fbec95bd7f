import { useMemo } from 'react';
import { useStudio } from '../../store/context';
import type { PathFocus } from '../../store/studio';
import type { Scene, Side } from '../union';
import { onPath } from './onPath';

export interface PathScene {
  readonly scene: Scene | null;
  /** The nodes of the way that is followed; null while none is. */
  readonly path: ReadonlySet<string> | null;
}

const only = (side: Side, names: ReadonlySet<string>): Side => ({
  nodes: side.nodes.filter(({ name }) => names.has(name)),
  edges: side.edges.filter(({ from, to }) => names.has(from) && names.has(to)),
});

function pathIn({ before, after }: Scene, { node, to }: PathFocus): ReadonlySet<string> | null {
  const sides = [after, ...(before === null ? [] : [before])].filter(({ nodes }) =>
    nodes.some(({ name }) => name === node),
  );
  if (sides.length === 0) return null;
  return new Set(sides.flatMap(({ edges }) => [...onPath(node, to, edges)]));
}

/** The scene with the nodes off the followed way left out, where they are to be; and the way itself. */
export function usePathScene(scene: Scene | null): PathScene {
  const focus = useStudio((studio) => studio.pathFocus);
  return useMemo(() => {
    const path = scene === null || focus === null ? null : pathIn(scene, focus);
    if (scene === null || path === null || !focus?.hides) return { scene, path };
    const union = only(scene.union, path);
    const kept = new Set(union.nodes.map(({ name }) => name));
    return {
      path,
      scene: {
        ...scene,
        before: scene.before && only(scene.before, path),
        after: only(scene.after, path),
        union,
        slots: new Map([...scene.slots].filter(([, host]) => kept.has(host))),
      },
    };
  }, [scene, focus]);
}
