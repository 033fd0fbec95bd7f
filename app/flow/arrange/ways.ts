import { type Link, linkKey, type Point, type Route, shiftRoute } from './box';
import { type Around, entryOf, exitOf, legsOf } from './legs';
import type { Interior } from './nesting';

/** Frames with their insides, and where the origin of each inside is in the whole graph. */
export interface Placed {
  readonly interiors: ReadonlyMap<string, Interior>;
  readonly origins: ReadonlyMap<string, Point>;
}

/** The way of an edge through all frames that it passes; null when it can go straight. */
export function wayOf(link: Link, around: Around, { interiors, origins }: Placed): Route | null {
  const points: Point[] = [];
  let style: Route['style'] = 'curve';
  for (const leg of legsOf(link, around)) {
    const origin = origins.get(leg.frame) ?? { x: 0, y: 0 };
    const level = interiors.get(leg.frame)?.level;
    const end = (id: string) => {
      const place = level?.places.get(id);
      if (place !== undefined) points.push({ x: place.x + origin.x, y: place.y + origin.y });
    };
    if (leg.from === entryOf(leg.frame)) end(leg.from);
    const route = level?.routes.get(linkKey(leg));
    if (route !== undefined) {
      points.push(...shiftRoute(route, origin.x, origin.y).points);
      if (route.style === 'corners') style = 'corners';
    }
    if (leg.to === exitOf(leg.frame)) end(leg.to);
  }
  return points.length === 0 ? null : { points, style };
}
