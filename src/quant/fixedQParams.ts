import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { FIXED_0_TO_1, FIXED_NEG1_TO_1, type FixedQParamsConfig } from './observers/fixedQParams';
import { QCONFIG_PRESETS, type QConfig } from './qconfig';
import { type QConfigMapping, qconfigOf } from './qconfigMapping';

const fixed = (name: string, activation: FixedQParamsConfig): QConfig => ({
  name,
  activation,
  weight: QCONFIG_PRESETS.default.weight,
});
const RANGE_0_TO_1 = fixed('fixed 0…1', FIXED_0_TO_1);
const RANGE_NEG1_TO_1 = fixed('fixed −1…1', FIXED_NEG1_TO_1);

/** Ops of known output range, as PyTorch 1.13.1 lists them (torch/ao/quantization/qconfig_mapping.py, `_FIXED_QPARAMS_OP_TO_OBSERVER`). */
const FIXED_QPARAMS: Readonly<Record<string, QConfig>> = {
  'torch.nn.Sigmoid': RANGE_0_TO_1,
  'torch.sigmoid': RANGE_0_TO_1,
  sigmoid: RANGE_0_TO_1,
  'torch.nn.Softmax': RANGE_0_TO_1,
  'torch.nn.Tanh': RANGE_NEG1_TO_1,
  'torch.tanh': RANGE_NEG1_TO_1,
  tanh: RANGE_NEG1_TO_1,
};

/**
 * The qconfigs as `get_default_qconfig_mapping` gives them to PyTorch: ops of known output range have one of that range
 * by type. It counts for their input too where nothing else observes it, so that PyTorch cuts the input of a sigmoid to
 * 0…1. What the user chose by type stays.
 */
export const withFixedQParams = (mapping: QConfigMapping): QConfigMapping => ({
  ...mapping,
  byType: { ...FIXED_QPARAMS, ...mapping.byType },
});

/** PyTorch 1.13.1 raises a ValueError where such an op is given another qconfig; a GraphError on its node. */
export function checkFixedQParams(mapping: QConfigMapping, model: Model): void {
  for (const node of model.graph.nodes) {
    if (node.op !== 'call_module' && node.op !== 'call_function') continue;
    const type = node.op === 'call_module' ? (model.modules[node.target]?.type ?? '') : node.target;
    const wanted = FIXED_QPARAMS[type];
    const qconfig = qconfigOf(mapping, model, node);
    if (!wanted || !qconfig || qconfig.activation === wanted.activation) continue;
    throw new GraphError(
      `PyTorch 1.13.1 stops here: the output of '${node.name}' (${type}) has a known range, and PyTorch wants its fixed parameters in the qconfig, not ${qconfig.name}. Take that choice back, choose float for it, or choose Exact semantics.`,
      node.name,
    );
  }
}
