import { GraphIndex } from '../../graph/graph';
import { type ModuleName, type NodeName, nodeName } from '../../graph/ids';
import { inputsOf, type Node } from '../../graph/node';
import type { ObservedModel } from '../../quant/observer';
import { layersOf } from '../layerColumns';
import type { Snapshots } from '../snapshots';
import type { TensorRole } from './plotViews';

export interface ObservedTensor {
  readonly node: NodeName;
  readonly role: TensorRole;
}

export const NOT_CALIBRATED =
  'Values are counted on the calibration data: run Calibrate first, which also finds the quantization grid.';
export const NOT_OBSERVED =
  'No tensor about this node is observed. Select an observer, a layer, or a node with an observer behind it.';

/**
 * The tensors about a node that the calibrated model observes: of an observer what it sees, of another node what its
 * observed inputs and output are; of a layer its weight too. The weight needs no calibration.
 */
export function observedTensors(snapshots: Snapshots, name: string): readonly ObservedTensor[] {
  const node = nodeName(name);
  const isLayer = layersOf(snapshots).some((layer) => layer.node.name === node);
  const weight: readonly ObservedTensor[] = isLayer ? [{ node, role: 'weight' }] : [];
  const model = snapshots.calibrate?.model;
  return model ? [...activations(model, node), ...weight] : weight;
}

function activations(model: ObservedModel, name: NodeName): readonly ObservedTensor[] {
  const index = new GraphIndex(model.graph);
  const node = index.find(name);
  if (!node) return [];
  if (observerOf(model, node)) return [{ node: name, role: 'observed' }];
  const inputs = inputsOf(node).flatMap((input) => observerBefore(model, index, input));
  const outputs = index.users(name).filter((user) => moduleOf(model, user) !== null);
  return [
    ...[...new Set(inputs)].map((input): ObservedTensor => ({ node: input, role: 'input' })),
    ...outputs.map((output): ObservedTensor => ({ node: output.name, role: 'output' })),
  ];
}

const moduleOf = (model: ObservedModel, node: Node): ModuleName | null =>
  node.op === 'call_module' && model.observers[node.target] ? node.target : null;

const observerOf = (model: ObservedModel, node: Node): boolean =>
  node.op === 'call_module' &&
  (model.observers[node.target] ?? model.equalizationObservers[node.target]) !== undefined;

/** The observer at a place, or before the equalization observer there: both see one tensor, and one has its grid. */
function observerBefore(model: ObservedModel, index: GraphIndex, name: NodeName): readonly NodeName[] {
  const node = index.get(name);
  if (node.op !== 'call_module') return [];
  if (model.observers[node.target]) return [name];
  return model.equalizationObservers[node.target]
    ? inputsOf(node).flatMap((input) => observerBefore(model, index, input))
    : [];
}
