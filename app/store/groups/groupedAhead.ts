import type { StudioView } from '../../../src/index';
import type { Outcome } from '../../engine/api';
import { inTask } from '../../inTask';
import { groupTree } from './groupTree';

/** Groups of fewer nodes are found in a few milliseconds. */
const FEW = 300;

/** Finds the groups of a graph of many nodes in a task of their own, before the page draws what the engine has answered. */
export async function groupedAhead(outcome: Outcome<StudioView>): Promise<Outcome<StudioView>> {
  const graph = outcome.ok ? outcome.value.steps.load?.graph : undefined;
  if (graph === undefined || graph.nodes.length < FEW) return outcome;
  await new Promise<void>(inTask);
  groupTree(graph);
  await new Promise<void>(inTask);
  return outcome;
}
