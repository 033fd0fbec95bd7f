import type { GroupedScene } from './groups/groupScene';
import type { LayoutRequest } from './layout';

/** What is asked of the layout for a scene. */
export const requestOf = (
  { items: nodes, edges, frames }: GroupedScene,
  { arrangement, columns }: Pick<LayoutRequest, 'arrangement' | 'columns'>,
): LayoutRequest => ({ arrangement, ...(columns !== undefined && { columns }), nodes, edges, frames });
