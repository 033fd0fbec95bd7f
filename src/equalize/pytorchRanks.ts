import { GraphError } from '../graph/errors';
import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';

/** Axes that PyTorch's `_InputEqualizationObserver` takes: from a matrix to a batch of Conv3d. */
const [FEWEST, MOST] = [2, 5];

/** Throws where PyTorch's equalization observer raises a ValueError; the layer that reads it is at fault. */
export function checkObservedRank(index: GraphIndex, observer: NodeName, rank: number): void {
  if (rank >= FEWEST && rank <= MOST) return;
  const layer = index.users(observer)[0]?.name ?? observer;
  throw new GraphError(
    `PyTorch 1.13.1 stops here: the input of '${layer}' has ${rank} axes, and its equalization observer takes ${FEWEST} to ${MOST}. Give the data a batch axis, leave '${layer}' out of equalization, or choose Exact semantics.`,
    layer,
  );
}
