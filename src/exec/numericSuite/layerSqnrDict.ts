import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { inputsOf, type Node } from '../../graph/node';
import { opTitle, resolveNode } from '../../graph/resolve';
import type { Batch } from '../batches';
import { compareModels } from '../compare';
import type { Comparison } from '../comparison';
import type { Job } from '../job';
import { qualifiedNames } from './qualifiedNames';
import { isKnown, spellingOf } from './relatedOps';
import { matchableSubgraphs, type Subgraph } from './subgraphs';

/** An op of the float model and its counterpart in the quantized one. */
export interface Match {
  readonly float: Subgraph;
  readonly quantized: Subgraph;
}

/**
 * `get_layer_sqnr_dict` (torch/ao/quantization/fx/_equalize.py): SQNR in dB per layer between a prepared float model
 * (without equalization observers) and a quantized one, `20 · log10(‖a‖ ÷ ‖a − b‖)` of their outputs on one batch.
 * Keys are those of PyTorch's numeric suite: a module's dotted name, its last call counting; '' for every function of the root
 * module, the last in graph order counting (an FX model file does not tell submodules' functions from the root's).
 * Values are compared as they are: an equalized layer whose rows carry a scale has a low SQNR here, as in PyTorch.
 * Throws a GraphError where the numeric suite cannot match the two graphs.
 */
export async function layerSqnrDict(
  prepared: Model,
  quantized: Model,
  batch: Batch,
  job: Job,
): Promise<ReadonlyMap<string, number>> {
  const index = new GraphIndex(prepared.graph);
  const names = qualifiedNames(prepared);
  const matches = matchModels(prepared, quantized).toSorted(
    (a, b) => index.position(a.float.end.name) - index.position(b.float.end.name),
  );
  const taps = matches.map(({ float, quantized }) => ({
    name: float.end.name,
    reference: float.end.name,
    candidate: quantized.end.name,
    unscale: null,
  }));
  const compared = await compareModels(prepared, quantized, [batch], taps, job);
  return new Map(
    matches.flatMap(({ float }) => {
      const comparison = compared.taps.get(float.end.name);
      const name = names.get(valueNode(prepared, index, float.end)) ?? '';
      return comparison ? [[name, sqnrOf(comparison)] as const] : [];
    }),
  );
}

/** PyTorch divides norms: 0 ÷ 0 is NaN, the logarithm of 0 is −∞. */
function sqnrOf({ sqnr, maxAbsError }: Comparison): number {
  if (sqnr !== null) return sqnr;
  return maxAbsError === 0 ? Number.NaN : Number.NEGATIVE_INFINITY;
}

/** The node whose value an end is: an observer passes its input on. */
function valueNode(model: Model, index: GraphIndex, end: Node): NodeName {
  const isObserver = resolveNode(model, index, end)?.op === 'observer';
  const [input] = isObserver ? inputsOf(end) : [];
  return input ?? end.name;
}

/**
 * Pairs the ops of both models in the order of `matchableSubgraphs` (graph_matcher.py,
 * `get_matching_subgraph_pairs`): related ops are a match, equal ones that PyTorch has no name for are passed over.
 */
export function matchModels(prepared: Model, quantized: Model): readonly Match[] {
  const [ours, theirs] = [matchableSubgraphs(prepared), matchableSubgraphs(quantized)];
  const relationOf = relations(prepared, quantized);
  const matches: Match[] = [];
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [float, other] = [ours[i], theirs[i]];
    const relation = float && other ? relationOf(float.base, other.base) : 'none';
    if (!float || !other || relation === 'none')
      throw unmatched(prepared, float?.base, quantized, other?.base);
    if (relation === 'related') matches.push({ float, quantized: other });
  }
  return matches;
}

type Relation = 'related' | 'same' | 'none';

/** Two ops are related when PyTorch knows them and they compute the same, in float or in int8. */
function relations(prepared: Model, quantized: Model): (float: Node, other: Node) => Relation {
  const [ours, theirs] = [new GraphIndex(prepared.graph), new GraphIndex(quantized.graph)];
  return (float, other) => {
    const call = resolveNode(prepared, ours, float);
    const counterpart = resolveNode(quantized, theirs, other);
    const [spelling, otherSpelling] = [spellingOf(prepared, float), spellingOf(quantized, other)];
    const isKind = (float.op === 'call_module') === (other.op === 'call_module');
    if (isKind && call && isKnown(call.op, spelling) && call.op === counterpart?.op) return 'related';
    return spelling === otherSpelling ? 'same' : 'none';
  };
}

function unmatched(
  prepared: Model,
  float: Node | undefined,
  quantized: Model,
  other: Node | undefined,
): GraphError {
  const text = (model: Model, node: Node | undefined) =>
    node ? `'${node.name}' (${node.op === 'call_module' ? opTitle(model, node) : node.target})` : 'nothing';
  return new GraphError(
    `PyTorch's numeric suite cannot compare these models: ${text(prepared, float)} of the float model would meet ${text(quantized, other)} of the quantized one. torch.mul is never compared: write the product with the operator *.`,
    float?.name ?? other?.name ?? null,
  );
}
