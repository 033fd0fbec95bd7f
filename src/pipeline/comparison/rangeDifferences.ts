import { rangeText } from '../../equalize/activationObservers';
import { GraphIndex } from '../../graph/graph';
import type { ModuleName, NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type CallModule, firstInput } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import { type Observer, observerQParams, observerState } from '../../quant/observer';
import type { SemanticsDifference } from '../comparisonView';
import { type BothRuns, isClose, layerNames } from './semanticsDifference';
import type { SemanticsRun } from './semanticsRun';

/** One observer of a run: what it held after calibration and what it holds now. */
interface Held {
  readonly calibrated: Observer | undefined;
  readonly now: Observer;
  /** Its values carry an equalization scale. */
  readonly isScaled: boolean;
}

/**
 * Observers whose ranges or quantization parameters differ after equalization: above all those between layers, where
 * PyTorch keeps the range it measured before the values were scaled.
 */
export function rangeDifferences(
  { exact, pytorch, shown }: BothRuns,
  scaled: Readonly<Record<'exact' | 'pytorch', ReadonlyMap<NodeName, NodeName>>>,
): readonly SemanticsDifference[] {
  return observersOf(exact).flatMap(({ node, module }) => {
    const ours = heldBy(exact, node, module, scaled.exact);
    const theirs = heldBy(pytorch, node, module, scaled.pytorch);
    if (!ours || !theirs || sameObserver(ours.now, theirs.now)) return [];
    return [
      {
        node: node.name,
        also: quantizedPlaces(shown, node.name),
        layer: layerBeside(exact, node),
        exact: `Exact ${rangeWords(ours, theirs)}`,
        pytorch: `PyTorch ${rangeWords(theirs, ours)}`,
      },
    ];
  });
}

function observersOf(run: SemanticsRun): readonly { node: CallModule; module: ModuleName }[] {
  const { graph, observers } = run.equalized.model;
  return graph.nodes.flatMap((node) =>
    node.op === 'call_module' && observers[node.target] ? [{ node, module: node.target }] : [],
  );
}

function heldBy(
  run: SemanticsRun,
  { name }: CallModule,
  module: ModuleName,
  scaled: ReadonlyMap<NodeName, NodeName>,
): Held | null {
  const stands = run.equalized.model.graph.nodes.some((node) => node.name === name);
  const now = stands ? observerState(run.equalized.model, module) : undefined;
  if (!now) return null;
  return { calibrated: observerState(run.calibrated, module), now, isScaled: scaled.has(name) };
}

function sameRange(a: Observer, b: Observer): boolean {
  const width = Math.max(Math.abs(a.min), Math.abs(a.max), Math.abs(b.min), Math.abs(b.max));
  return isClose(a.min, b.min, width) && isClose(a.max, b.max, width);
}

function sameObserver(a: Observer, b: Observer): boolean {
  if (a.kind !== b.kind || !sameRange(a, b)) return false;
  const [p, q] = [observerQParams(a), observerQParams(b)];
  return p.zeroPoint === q.zeroPoint && isClose(p.scale, q.scale, p.scale);
}

/** `keeps the range [−3.1, 4] measured before scaling`, `scales the range to [−0.9, 1.1]`. */
function rangeWords({ calibrated, now, isScaled }: Held, other: Held): string {
  if (now.kind === 'fixed')
    return `keeps the op's fixed parameters here (${gridText(now)})${isScaled ? ', though the values are scaled now' : ''}.`;
  const isKept = calibrated !== undefined && calibrated.kind === now.kind && sameRange(calibrated, now);
  const range = rangeText(now.min, now.max);
  // Histograms may differ inside one and the same range.
  const grid = sameRange(now, other.now) ? ` (${gridText(now)})` : '';
  if (!isKept && isScaled) return `scales the range here to ${range}${grid}, as it scales the values.`;
  if (!isKept) return `gives this value the range ${range}${grid} of another one whose observer it shares.`;
  if (isScaled) return `keeps the range ${range} measured before scaling, though the values are scaled now.`;
  if (other.isScaled) return `keeps the range ${range}: it does not scale these values.`;
  return now.kind === 'histogram'
    ? `finds ${gridText(now)} in its histogram of ${range}.`
    : `measures the range ${range}${grid}.`;
}

function gridText(observer: Observer): string {
  const { scale, zeroPoint } = observerQParams(observer);
  return `scale ${Number(scale.toPrecision(3))}, zero point ${zeroPoint}`;
}

/**
 * The nodes of the converted graphs, reference and lowered, that round to this observer's grid: quantize ops, or the
 * quantized op itself.
 */
function quantizedPlaces(run: SemanticsRun, observer: NodeName): readonly string[] {
  const node = new GraphIndex(run.equalized.model.graph).find(observer);
  const value = node ? firstInput(node) : null;
  if (value === null) return [];
  return [...new Set([run.converted, run.reference].flatMap((model) => quantizing(model, value)))];
}

function quantizing(model: Model, value: NodeName): readonly string[] {
  const index = new GraphIndex(model.graph);
  if (!index.find(value)) return [];
  const quantize = index
    .users(value)
    .filter((user) => resolveNode(model, index, user)?.op === 'quantize_per_tensor')
    .map((user) => user.name);
  return quantize.length > 0 ? quantize : [value];
}

/** The layer that makes the observed value, or the first that reads it. */
function layerBeside(run: SemanticsRun, observer: CallModule): string | null {
  const layers = layerNames(run);
  const value = firstInput(observer);
  if (value !== null && layers.has(value)) return value;
  const reader = new GraphIndex(run.equalized.model.graph)
    .users(observer.name)
    .find((user) => layers.has(user.name));
  return reader?.name ?? null;
}
