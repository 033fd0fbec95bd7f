import { GraphIndex } from '../../graph/graph';
import { moduleName, nodeName, type ParamName, paramOf } from '../../graph/ids';
import { resolveNode } from '../../graph/resolve';
import { asFloat } from '../../graph/tensor';
import { foldedNorm } from '../../quant/fuse/foldBatchNorm';
import { isLayerCall } from '../../quant/layerAxes';
import type { ObservedModel } from '../../quant/observer';
import { isObserved } from '../nodeDetail';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { formula, minus, over, plus, sqrt, times } from './expression';
import type { Phase } from './phases';
import type { Formula } from './playbackViews';
import { observerWords, plannedWords } from './qparamsFormulas';
import { tellingChannel } from './scaleFormulas';
import { elementAt, elementName, largestElement } from './weightElements';

/** Fusion: a layer takes in what stands behind it. */
export function explainFusion(
  { before, after }: Phase,
  { what, nodes }: ChangeOfKind<'rescale'>,
  part: number | null,
): Explained {
  const [layer] = nodes;
  if (what === 'relu')
    return {
      ...NOTHING,
      why: 'One int8 kernel computes max(0, W · x + b): the value goes to its grid once, behind the ReLU, and no level is spent on what it would set to 0.',
    };
  if (what !== 'normalization' || layer === undefined) return NOTHING;
  const index = new GraphIndex(before.graph);
  const node = index.get(layer);
  const call = resolveNode(before, index, node);
  const spec = node.op === 'call_module' ? after.modules[node.target] : undefined;
  const normNode = index.find(nodeName(foldedNorm(spec, layer) ?? ''));
  const norm = normNode && resolveNode(before, index, normNode);
  if (!isLayerCall(call) || norm?.op !== 'batch_norm') return NOTHING;
  const values = (name: ParamName | null, absent: number, r: number): number =>
    name === null ? absent : (asFloat(before.params[name], name).data[r] ?? absent);
  const { weight, bias, mean, variance, eps } = norm.attrs;
  const variances = asFloat(before.params[variance], variance).data;
  const r =
    part ?? tellingChannel(variances.map((v, row) => Math.abs(values(weight, 1, row)) / Math.sqrt(v + eps)));
  const [gamma, beta, mu] = [values(weight, 1, r), values(bias, 0, r), values(mean, 0, r)];
  const root = sqrt(plus(variances[r] ?? 0, eps));
  const own = call.attrs.weight;
  const element = largestElement(call, asFloat(before.params[own], own), { row: r });
  const folded = paramOf(moduleName(node.target), 'bias');
  const newBias = asFloat(after.params[folded], folded).data[r] ?? 0;
  const formulas: readonly Formula[] = [
    formula(
      elementName(own, element),
      `W[${r}, :] · γ[${r}] / sqrt(σ²[${r}] + ε)`,
      over(times(element.value, gamma), root),
      elementAt(call, asFloat(after.params[own], own), element.index),
    ),
    formula(
      `${folded}[${r}]`,
      `(b[${r}] − μ[${r}]) · γ[${r}] / sqrt(σ²[${r}] + ε) + β[${r}]`,
      plus(over(times(minus(values(call.attrs.bias, 0, r), mu), gamma), root), beta),
      newBias,
    ),
  ];
  return {
    why: `In evaluation ${normNode?.name} multiplies and shifts every channel by constants: the rows and the bias of ${layer} can do that, and the model computes the same.`,
    formulas,
    choice: { what: 'row', count: variances.length, chosen: r },
  };
}

/** An observer comes in. */
export function explainObserver({ after }: Phase, { node }: ChangeOfKind<'insert'>): Explained {
  if (node.op !== 'call_module' || !isObserved(after)) return NOTHING;
  return { ...NOTHING, why: observerPurpose(after, node.target) };
}

function observerPurpose(model: ObservedModel, module: string): string {
  const target = moduleName(module);
  const observer = model.observers[target];
  if (observer) return `${observerWords(observer)} ${plannedWords(observer)}`.trim();
  const columns = model.equalizationObservers[target];
  if (columns)
    return `It records the range of every channel along axis ${columns.axis}: equalization compares them with the columns of the weights behind it.`;
  const weight = model.weightObservers[target];
  if (weight)
    return `A functional layer’s weight is a value of the graph, so its observer stands in the graph: ${weight.spec.dtype.replace('torch.', '')}, ${weight.spec.quantMin} … ${weight.spec.quantMax}.`;
  return 'It records the range of every column of the weight, for equalization.';
}
