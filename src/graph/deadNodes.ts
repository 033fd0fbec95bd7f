import type { Rewriter } from './rewriter';

/**
 * Removes the nodes that nothing reads, from the end to the front (torch/fx/graph.py, `eliminate_dead_code`). Inputs
 * stay, and so does the output.
 */
export function removeDeadNodes(rewriter: Rewriter): void {
  for (const { name, op } of rewriter.graph.nodes.toReversed()) {
    if (op === 'placeholder' || op === 'output' || rewriter.users(name).length > 0) continue;
    rewriter.remove(name, null, `Nothing reads ${name}.`);
  }
}
