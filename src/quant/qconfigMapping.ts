import type { Model } from '../graph/model';
import { convTransposeType, type Dims } from '../graph/moduleTypes';
import type { Node } from '../graph/node';
import { type Choices, choiceFor } from './choices';
import { type ActivationObserver, DEFAULT_WEIGHT, type QConfig, type WeightObserver } from './qconfig';
import { isPerChannel } from './spec';

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

const DIMENSIONS: readonly Dims[] = [1, 2, 3];
const TRANSPOSED: ReadonlySet<string> = new Set(DIMENSIONS.map(convTransposeType));

/**
 * What a layer's weight is quantized with: of a transposed convolution the whole tensor, where the others have a grid a channel
 * (`get_default_qconfig_mapping` gives it `default_weight_observer`);  null where the layer stays in float, for its weight's or
 * activation's sake.
 */
export function weightObserverOf(
  mapping: QConfigMapping,
  model: Pick<Model, 'modules'>,
  node: Node,
): WeightObserver | null {
  const qconfig = qconfigOf(mapping, model, node);
  if (!qconfig || qconfig.activation.kind === 'placeholder') return null;
  if (qconfig.weight.kind === 'placeholder') return null;
  const type = node.op === 'call_module' ? model.modules[node.target]?.type : undefined;
  return TRANSPOSED.has(type ?? '') && isPerChannel(qconfig.weight.spec.qscheme)
    ? DEFAULT_WEIGHT
    : qconfig.weight;
}
