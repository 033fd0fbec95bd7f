import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { isNodeRef } from '../graph/node';
import { isObservedByPyTorch, pytorchTypes } from '../quant/pytorchTypes';
import { type QConfigMapping, qconfigOf, weightObserverOf } from '../quant/qconfigMapping';
import type { Semantics } from '../quant/semantics';
import { activationOf, type LayerNode, layerNodes, tiedUseCounts } from '../quant/weightUse';
import type { SkipReason } from './decision';
import { earlierMuls } from './earlierMuls';

export interface EqualizationConfig {
  readonly semantics: Semantics;
  /** Layers to leave alone, by node name. */
  readonly excluded: ReadonlySet<string>;
}

export interface Eligibility {
  readonly layer: LayerNode;
  /** Null when the layer can be equalized. */
  readonly skip: SkipReason | null;
}

/** For every layer of the model, before observers stand in it: whether equalization may touch it, or why not. */
export function eligibleLayers(
  model: Model,
  config: EqualizationConfig,
  qconfigs: QConfigMapping,
): readonly Eligibility[] {
  const index = new GraphIndex(model.graph);
  const muls = new Set(earlierMuls(model));
  const uses = tiedUseCounts(model, index);
  const types = config.semantics === 'pytorch' ? pytorchTypes(model, index, qconfigs) : null;
  return layerNodes(model, index).map((layer) => ({ layer, skip: skipReason(layer) }));

  function skipReason(layer: LayerNode): SkipReason | null {
    const input = activationOf(layer);
    if (config.excluded.has(layer.node.name)) return { kind: 'excluded' };
    if (!weightObserverOf(qconfigs, model, layer.node)) return { kind: 'float' };
    if (types && !isObservedByPyTorch(model, index, types, layer.node)) return { kind: 'taken-for-number' };
    if (input === null) return { kind: 'constant-input' };
    if (config.semantics === 'pytorch') return pytorchSkip(layer, input);
    if (index.get(input).op === 'get_attr') return { kind: 'constant-input' };
    if (muls.has(input)) return { kind: 'equalized-before', mul: input };
    const calls = uses.get(layer.call.attrs.weight) ?? 0;
    return calls > 1 ? { kind: 'shared-weight', calls } : null;
  }

  /** prepare.py, `insert_observers_for_model`: a layer whose input another quantized op reads is "part of a branch". */
  function pytorchSkip(layer: LayerNode, input: NodeName): SkipReason | null {
    if (layer.call.op === 'conv_transpose') return { kind: 'not-by-pytorch' };
    if (!isNodeRef(layer.node.args[0])) return { kind: 'keyword-input' };
    const others = index
      .users(input)
      .some((user) => user !== layer.node && qconfigOf(qconfigs, model, user) !== null);
    return others ? { kind: 'branch', tensor: input } : null;
  }
}
