import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import {
  batchNormReluType,
  batchNormType,
  convReluType,
  convType,
  LINEAR,
  LINEAR_RELU,
  shortType,
} from '../graph/moduleTypes';
import type { Node } from '../graph/node';

/**
 * What is chosen for the ops of a model, null for none (torch/ao/quantization/qconfig_mapping.py, `QConfigMapping`; so
 * PyTorch gives qconfigs and equalization qconfigs alike). A name goes before a type, a type before the global choice.
 */
export interface Choices<T> {
  readonly global: T | null;
  /** By module type (`torch.nn.Linear`), function (`torch.add`) or method name (`reshape`). */
  readonly byType: Readonly<Record<string, T | null>>;
  /**
   * By module (`encoder.fc1`, or `encoder` for all that it holds), or by the node's own name, which goes first:
   * PyTorch names calls of functions so by `set_module_name_object_type_order`.
   */
  readonly byName: Readonly<Record<string, T | null>>;
}

/** What fused modules are made of; the first type's choice is theirs (`update_qconfig_for_fusion`). */
const FUSED_PARTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  [LINEAR_RELU]: [LINEAR, 'torch.nn.ReLU'],
  [convReluType(1)]: [convType(1), 'torch.nn.ReLU'],
  [convReluType(2)]: [convType(2), 'torch.nn.ReLU'],
  [convReluType(3)]: [convType(3), 'torch.nn.ReLU'],
  [batchNormReluType(2)]: [batchNormType(2), 'torch.nn.ReLU'],
  [batchNormReluType(3)]: [batchNormType(3), 'torch.nn.ReLU'],
};

/** Functions that stand in two namespaces: PyTorch knows them by what they are, so that either name is theirs. */
const IN_BOTH = ['conv1d', 'conv2d', 'conv3d', 'avg_pool1d', 'adaptive_avg_pool1d', 'prelu'];
const OTHER_NAME: Readonly<Record<string, string>> = Object.fromEntries(
  IN_BOTH.flatMap((name) => {
    const names = [`torch.${name}`, `torch.nn.functional.${name}`];
    return [names, names.toReversed()];
  }),
);

/** Whether modules of a type are fused into others, whose choice by type then counts theirs (in PyTorch). */
export const isFusedPart = (type: string): boolean =>
  Object.values(FUSED_PARTS).some(([, ...others]) => others.includes(type));

const lookUp = <T>(
  choices: Readonly<Record<string, T | null>>,
  key: string | undefined,
): T | null | undefined => (key !== undefined && Object.hasOwn(choices, key) ? choices[key] : undefined);

type Modules = Pick<Model, 'modules'>;

/** The key of a call in `byType`: its module's type, its function, its method. */
const typeOf = (model: Modules, node: Node): string | undefined =>
  node.op === 'call_module' ? model.modules[node.target]?.type : node.target;

/** The same, before fusion: `torch.nn.Linear` of a LinearReLU. */
export const floatTypeOf = (model: Modules, node: Node): string => {
  const type = typeOf(model, node) ?? '';
  return FUSED_PARTS[type]?.[0] ?? type;
};

/** What is chosen for a call, by the precedence of `generate_qconfig_map`. */
export function choiceFor<T>(choices: Choices<T>, model: Modules, node: Node): T | null {
  const type = typeOf(model, node);
  const candidates = [
    lookUp(choices.byName, node.name),
    ...(node.op === 'call_module' ? pathsOf(node.target).map((path) => lookUp(choices.byName, path)) : []),
    lookUp(choices.byType, type),
    lookUp(choices.byType, OTHER_NAME[type ?? '']),
    lookUp(choices.byType, FUSED_PARTS[type ?? '']?.[0]),
  ];
  const found = candidates.find((candidate) => candidate !== undefined);
  return found === undefined ? choices.global : found;
}

/** `a.b.c`, `a.b`, `a`. */
function pathsOf(target: string): readonly string[] {
  const parts = target.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

/** The types of the model's fused modules, and what each is made of. */
const fusedTypes = (model: Modules) =>
  [...new Set(Object.values(model.modules).map(({ type }) => type))].flatMap((type) => {
    const parts = FUSED_PARTS[type];
    return parts ? [{ type, parts }] : [];
  });

/**
 * The choices as PyTorch 1.13.1 understands them once modules are fused (`update_qconfig_for_fusion`): what the first
 * type has is the fused type's, unless it is none. Then the fused type has no choice of its own, and the global one
 * counts: `torch.nn.Linear` in float leaves a LinearReLU quantized.
 */
export function pytorchFusedChoices<T>(choices: Choices<T>, model: Modules): Choices<T> {
  const fused = fusedTypes(model).map(({ type, parts }) => {
    const own = lookUp(choices.byType, type);
    return [type, lookUp(choices.byType, parts[0]) ?? (own === undefined ? choices.global : own)] as const;
  });
  return { ...choices, byType: { ...choices.byType, ...Object.fromEntries(fused) } };
}

/**
 * PyTorch 1.13.1 raises a LookupError where the types of a fused module have different qconfigs; one that is not
 * set is none. Throws a GraphError with that meaning, on the fused node. `what` is what differs: `qconfigs`.
 */
export function checkFusedTypes<T>(choices: Choices<T>, model: Model, what: string): void {
  const of = (type: string) => lookUp(choices.byType, type) ?? null;
  for (const node of model.graph.nodes) {
    const type = node.op === 'call_module' ? model.modules[node.target]?.type : undefined;
    const [first, ...others] = FUSED_PARTS[type ?? ''] ?? [];
    const differing = others.find((part) => first !== undefined && of(part) !== of(first));
    if (type === undefined || differing === undefined) continue;
    throw new GraphError(
      `PyTorch 1.13.1 refuses these choices by type: '${node.name}' is fused to ${shortType(type)}, and ${first} and ${differing} have different ${what}. Give both the same, or choose Exact semantics, where ${first}'s counts.`,
      node.name,
    );
  }
}
