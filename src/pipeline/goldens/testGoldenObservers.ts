import { expect } from 'vitest';
import { GraphIndex } from '../../graph/graph';
import type { ModuleName } from '../../graph/ids';
import { type CallModule, inputsOf, type Node } from '../../graph/node';
import { type ObservedModel, observerQParams, observerState } from '../../quant/observer';
import { isEmptyRange } from '../../quant/observers/tensorRange';
import { observedQParams, type WeightObserverState, weightRanges } from '../../quant/weightObserver';
import { expectClose } from '../testNumbers';
import type { GoldenObserver } from './testGolden';

/* Observers side by side with PyTorch's. For tests only. */

interface Place {
  readonly module: ModuleName;
  /** Its value was not computed, so that nothing was rounded on the way: ranges are equal to the bit. */
  readonly first: boolean;
}

/** Observers in graph order, as PyTorch records its own. */
function observerPlaces(model: ObservedModel): readonly Place[] {
  const index = new GraphIndex(model.graph);
  const source = (node: Node): Node => {
    const [input] = inputsOf(node);
    return isObserver(model, node) && input !== undefined ? source(index.get(input)) : node;
  };
  return model.graph.nodes.flatMap((node) =>
    isObserver(model, node) ? [{ module: node.target, first: SOURCES.has(source(node).op) }] : [],
  );
}

const SOURCES: ReadonlySet<string> = new Set(['placeholder', 'get_attr']);

const isObserver = (model: ObservedModel, node: Node): node is CallModule =>
  node.op === 'call_module' && (model.modules[node.target]?.type ?? '').startsWith('torch.ao.quantization.');

/** Ranges within 1e-5, those of the model's inputs exact; scales within 1e-5, zero points equal. */
export function expectObservers(model: ObservedModel, expected: readonly GoldenObserver[]): void {
  const ours = observerPlaces(model);
  expect(ours.length, 'observers').toBe(expected.length);
  ours.forEach(({ module, first }, i) => {
    const golden = expected[i];
    if (golden) expectObserver(model, module, golden, first ? 0 : 1e-5);
  });
}

function expectObserver(
  model: ObservedModel,
  module: ModuleName,
  golden: GoldenObserver,
  tolerance: number,
): void {
  if (!('zeroPoint' in golden)) {
    const channels =
      model.equalizationObservers[module]?.channels ?? model.weightEqualizationObservers[module];
    const ranges = [...(channels?.min ?? []), ...(channels?.max ?? [])];
    expectClose(ranges, [...golden.min, ...golden.max], tolerance, `${module} min, max`);
    return;
  }
  const weight = model.weightObservers[module];
  if (golden.kind === 'per-channel-minmax' || (weight && golden.kind !== 'fixed'))
    expectWeightObserver(weight, golden);
  else expectActivationObserver(model, module, golden, tolerance);
}

type Activation = Extract<GoldenObserver, { zeroPoint: number }>;
type Weight = Exclude<GoldenObserver, { kind: 'fixed' | 'equalization' | 'weight-equalization' }>;

function expectActivationObserver(
  model: ObservedModel,
  module: ModuleName,
  golden: Activation,
  tolerance: number,
): void {
  const observer = observerState(model, module);
  expect(observer?.kind, module).toBe(golden.kind);
  if (!observer || Number.isNaN(golden.scale)) return;
  if (golden.kind !== 'fixed')
    expectClose([observer.min, observer.max], [golden.min, golden.max], tolerance, `${module} range`);
  const { scale, zeroPoint } = observerQParams(observer);
  expectClose([scale], [golden.scale], 1e-5, `${module} scale`);
  expect(zeroPoint, `${module} zero point`).toBe(golden.zeroPoint);
}

/** Equal to the bit: a weight was not computed. An observer that was reset has no ranges. */
function expectWeightObserver(observer: WeightObserverState | undefined, golden: Weight): void {
  expect(observer?.kind).toBe(golden.kind);
  if (!observer) return;
  const { min, max } = weightRanges(observer);
  const isEmpty = golden.kind !== 'per-channel-minmax' && isEmptyRange(golden);
  expect([...min], 'weight min').toEqual(isEmpty ? [] : [golden.min].flat());
  expect([...max], 'weight max').toEqual(isEmpty ? [] : [golden.max].flat());
  const qparams = observedQParams(observer);
  const scales = qparams.map(({ scale }) => scale);
  expectClose(scales, [golden.scale].flat(), 1e-6, 'weight scale');
  expect(qparams.map(({ zeroPoint }) => zeroPoint)).toEqual([golden.zeroPoint].flat());
}
