import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { LINEAR, LINEAR_RELU, shortType } from '../graph/moduleTypes';
import type { Node } from '../graph/node';
import type { ActivationObserver, QConfig, WeightObserver } from './qconfig';

/**
 * Which op gets which qconfig (torch/ao/quantization/qconfig_mapping.py, `QConfigMapping`), null for float. A name
 * goes before a type, a type before the global one.
 */
export interface QConfigMapping {
  readonly global: QConfig | null;
  /** By module type (`torch.nn.Linear`), function (`torch.add`) or method name (`reshape`). */
  readonly byType: Readonly<Record<string, QConfig | null>>;
  /**
   * By module (`encoder.fc1`, or `encoder` for all that it holds), or by the node's own name, which goes first:
   * PyTorch names calls of functions so by `set_module_name_object_type_order`.
   */
  readonly byName: Readonly<Record<string, QConfig | null>>;
}

export const mappingOf = (global: QConfig | null): QConfigMapping => ({ global, byType: {}, byName: {} });

/** What fused modules are made of; the first type's qconfig is theirs (`update_qconfig_for_fusion`). */
const FUSED_PARTS: Readonly<Record<string, readonly string[]>> = {
  [LINEAR_RELU]: [LINEAR, 'torch.nn.ReLU'],
};

const lookUp = (
  configs: Readonly<Record<string, QConfig | null>>,
  key: string | undefined,
): QConfig | null | undefined =>
  key !== undefined && Object.hasOwn(configs, key) ? configs[key] : undefined;

/** The qconfig of a node, by the precedence of `generate_qconfig_map`; null: it stays in float. */
export function qconfigOf(
  mapping: QConfigMapping,
  model: Pick<Model, 'modules'>,
  node: Node,
): QConfig | null {
  if (node.op === 'placeholder' || node.op === 'output' || node.op === 'get_attr') return null;
  const type = node.op === 'call_module' ? model.modules[node.target]?.type : node.target;
  const candidates = [
    lookUp(mapping.byName, node.name),
    ...(node.op === 'call_module' ? pathsOf(node.target).map((path) => lookUp(mapping.byName, path)) : []),
    lookUp(mapping.byType, type),
    lookUp(mapping.byType, FUSED_PARTS[type ?? '']?.[0]),
  ];
  const found = candidates.find((candidate) => candidate !== undefined);
  return found === undefined ? mapping.global : found;
}

/** `a.b.c`, `a.b`, `a`. */
function pathsOf(target: string): readonly string[] {
  const parts = target.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
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

/**
 * PyTorch 1.13.1 raises a LookupError where the types of a fused module have different qconfigs, "none set" being
 * one. Throws a GraphError with that meaning, on the fused node.
 */
export function checkFusedTypes(mapping: QConfigMapping, model: Model): void {
  for (const node of model.graph.nodes) {
    const type = node.op === 'call_module' ? model.modules[node.target]?.type : undefined;
    const [first, ...others] = FUSED_PARTS[type ?? ''] ?? [];
    const differing = others.find((part) => lookUp(mapping.byType, part) !== lookUp(mapping.byType, first));
    if (type === undefined || first === undefined || differing === undefined) continue;
    throw new GraphError(
      `PyTorch 1.13.1 refuses this qconfig mapping: '${node.name}' is fused to ${shortType(type)}, and ${first} and ${differing} have different qconfigs by type. Give both the same, or choose Exact semantics, where ${first}'s counts.`,
      node.name,
    );
  }
}
