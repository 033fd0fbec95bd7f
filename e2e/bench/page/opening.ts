import { layoutScene } from '../../../app/flow/layout';
import { Studio } from '../../../src/index';
import { fetched } from './fetched';

/** Times in ms of what lies between a file and its graph. */
export type OpenTimes = {
  /** The model read and checked, and all that the page shows of it. */
  readonly open: number;
  /** The places of all its nodes, with no group closed. */
  readonly layout: number;
};

/** Opens a model and lays its whole graph out. */
export async function timeOpening(path: string): Promise<OpenTimes> {
  const file = await fetched(path);
  const studio = new Studio({ name: 'cpu', adapter: '', label: '' });
  const start = performance.now();
  const view = await studio.openModel([file]);
  const opened = performance.now();
  const graph = view.steps.load?.graph;
  if (!graph) throw new Error('internal: a model was opened without its graph.');
  layoutScene({ arrangement: 'beside', nodes: graph.nodes, edges: graph.edges, columns: true });
  return { open: opened - start, layout: performance.now() - opened };
}
