import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import { type Choices, choiceFor } from './choices';
import type { ActivationObserver, QConfig, WeightObserver } from './qconfig';

/** Which op gets which qconfig, null for float. */
export type QConfigMapping = Choices<QConfig>;

export const mappingOf = (global: QConfig | null): QConfigMapping => ({ global, byType: {}, byName: {} });

/** The qconfig of a node, by the precedence of `generate_qconfig_map`; null: it stays in float. */
export function qconfigOf(
  mapping: QConfigMapping,
  model: Pick<Model, 'modules'>,
  node: Node,
): QConfig | null {
  if (node.op === 'placeholder' || node.op === 'output' || node.op === 'get_attr') return null;
  return choiceFor(mapping, model, node);
}

/** What a node's inputs and output are observed with; null where it stays in float. */
export function activationObserverOf(
  mapping: QConfigMapping,
  model: Pick<Model, 'modules'>,
  node: Node,
): ActivationObserver | null {
  const activation = qconfigOf(mapping, model, node)?.activation;
  return activation === undefined || activation.kind === 'placeholder' ? null : activation;
}

/** What a layer's weight is quantized with; null where the layer stays in float, for its weight's or activation's sake. */
export function weightObserverOf(
  mapping: QConfigMapping,
  model: Pick<Model, 'modules'>,
  node: Node,
): WeightObserver | null {
  const qconfig = qconfigOf(mapping, model, node);
  if (!qconfig || qconfig.activation.kind === 'placeholder') return null;
  return qconfig.weight.kind === 'placeholder' ? null : qconfig.weight;
}
