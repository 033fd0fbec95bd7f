import type { ParamName } from '../../graph/ids';
import { computedTensor } from '../../graph/lazyTensor';
import type { Model } from '../../graph/model';
import type { OpAttrs } from '../../graph/op';
import { asFloat, type FloatTensor, floatTensor, sizeOf } from '../../graph/tensor';
import type { LayerCall } from '../layerAxes';
import { rowsFirst } from '../rowsFirst';

/** A layer's tensors with a batch normalization in them. */
export interface FoldedWeights {
  readonly weight: FloatTensor;
  /** `[outputs]`, whether the layer had a bias before or not. */
  readonly bias: FloatTensor;
}

const f = Math.fround;

/**
 * `W · w / √(variance + eps)` per row and `(b − mean) · w / √(variance + eps) + β`, each operation rounded to float32 in
 * PyTorch's order (torch/nn/utils/fusion.py): a convolution multiplies by the root's inverse and by w one after the
 * other, a Linear by their product. An absent bias or β is 0, an absent w is 1.
 */
export function foldedWeights(model: Model, call: LayerCall, norm: OpAttrs['batch_norm']): FoldedWeights {
  const layer = call.attrs;
  const values = (name: ParamName) => asFloat(model.params[name], name);
  const optional = (name: ParamName | null) => (name === null ? null : values(name).data);
  const before = rowsFirst(call, values(layer.weight));
  const [mean, variance] = [values(norm.mean).data, values(norm.variance).data];
  const [bias, gamma, beta] = [optional(layer.bias), optional(norm.weight), optional(norm.bias)];
  const inverse = variance.map((v) => 1 / f(Math.sqrt(f(v + f(norm.eps)))));
  const factor = inverse.map((root, row) => (gamma?.[row] ?? 1) * root);
  const rowSize = sizeOf(before.shape) / factor.length;
  const weight = computedTensor(before.shape, [before], () =>
    before.data.map((w, i) => w * (factor[Math.floor(i / rowSize)] ?? 1)),
  );
  const folded = mean.map((m, row) => {
    const centred = f((bias?.[row] ?? 0) - m);
    const scaled =
      call.op === 'linear'
        ? f(centred * (factor[row] ?? 1))
        : f(f(centred * (inverse[row] ?? 1)) * (gamma?.[row] ?? 1));
    return scaled + (beta?.[row] ?? 0);
  });
  return { weight: rowsFirst(call, weight), bias: floatTensor([folded.length], folded) };
}
