import type { NodeName } from '../graph/ids';
import type { ChannelStats } from '../quant/channelStats';
import type { EqualizationScale } from './scale';

/** Why a layer is left alone. */
export type SkipReason =
  | { readonly kind: 'excluded' }
  | { readonly kind: 'float' }
  | { readonly kind: 'shared-weight'; readonly calls: number }
  | { readonly kind: 'constant-input' }
  | { readonly kind: 'branch'; readonly tensor: NodeName }
  /** PyTorch equalizes Linear and convolutions, no transposed ones. */
  | { readonly kind: 'not-by-pytorch' }
  /** PyTorch equalizes inputs that are given by position. */
  | { readonly kind: 'keyword-input' }
  /** PyTorch takes the layer's value for a number, see `pytorchTypes`. */
  | { readonly kind: 'taken-for-number' }
  /** Its input is multiplied by the scale of an earlier equalization. */
  | { readonly kind: 'equalized-before'; readonly mul: NodeName }
  /** Every scale is 1, or as good as 1, as in a model that was equalized before. */
  | { readonly kind: 'balanced' }
  /** Every column met NaN or infinite values on the calibration data. */
  | { readonly kind: 'non-finite'; readonly columns: number }
  /** No column has both an input range and a weight range, so every scale would be 1. `weights`: values per column. */
  | { readonly kind: 'no-range'; readonly columns: number; readonly weights: number }
  /** Cross-layer equalization scales the rows of a layer before, and none can take the scale. */
  | { readonly kind: 'no-layer-before' }
  /** None of the ways that a search tried makes int8 more accurate. */
  | { readonly kind: 'no-gain'; readonly tried: number };

/** Why the scale could not go into the rows of the layer before, so a mul was inserted. */
export type MulReason =
  | { readonly kind: 'input'; readonly source: NodeName }
  | { readonly kind: 'barrier'; readonly source: NodeName; readonly op: string }
  /** The op looks along the axis of the channels. */
  | { readonly kind: 'windows'; readonly source: NodeName; readonly op: string }
  | { readonly kind: 'unknown-shape'; readonly source: NodeName; readonly op: string }
  | { readonly kind: 'other-axis'; readonly source: NodeName }
  | { readonly kind: 'producer-shared'; readonly source: NodeName; readonly calls: number }
  | { readonly kind: 'other-reader'; readonly source: NodeName; readonly reader: NodeName }
  /** A fold is possible, and the int8 model is worse with it, by so many dB. */
  | { readonly kind: 'more-accurate'; readonly by: number };

/** What equalization did with one layer, and why. */
export type LayerDecision = {
  readonly layer: NodeName;
  readonly scale: EqualizationScale | null;
  /** Statistics of the layer's input before equalization. */
  readonly input: ChannelStats | null;
} & (
  | {
      readonly decision: 'fold';
      /** The nodes whose tensors take the scale. */
      readonly producers: readonly NodeName[];
      readonly dropped: boolean;
      readonly unscaledBias?: NodeName | null;
      /** Of how many channels the layers behind absorbed a high bias. */
      readonly absorbedChannels?: number;
      /** What made the scale, as the page names it. */
      readonly rule: string;
    }
  | {
      readonly decision: 'mul';
      readonly mul: NodeName;
      readonly reason: MulReason | null;
      readonly rule: string;
    }
  | { readonly decision: 'skip'; readonly reason: SkipReason }
);

/** `all of its 4 columns`, `its one column`. */
const columnsWords = (columns: number, which: string): string =>
  columns === 1 ? 'its one column' : `${which} of its ${columns} columns`;

/** A layer whose columns have nothing to be balanced by. */
const noRangeWords = (columns: number, weights: number): string => {
  if (weights !== 1)
    return columns === 1
      ? 'Its one column has no usable range.'
      : `None of its ${columns} columns has a usable range.`;
  const ranges = columns === 1 ? 'so that its range is zero' : 'so their ranges are zero';
  return `Its weight has one value for ${columnsWords(columns, 'each')}, ${ranges}.`;
};

function skipSentence(reason: SkipReason): string {
  switch (reason.kind) {
    case 'excluded':
      return 'Equalization is off for it.';
    case 'float':
      return 'Its qconfig leaves it in float: there is nothing to equalize for.';
    case 'shared-weight':
      return `Its weight is used by ${reason.calls} calls; scaling it for one would change the others.`;
    case 'constant-input':
      return 'Its input is a constant: there is no activation range to equalize.';
    case 'branch':
      return `PyTorch skips it: other quantized ops read ${reason.tensor} too.`;
    case 'equalized-before':
      return `Its input passes ${reason.mul}, the scale of an earlier equalization.`;
    case 'balanced':
      return 'Its scales come out as 1 in every column: there is nothing to balance.';
    case 'non-finite':
      return `NaN or infinite values reached ${columnsWords(reason.columns, 'all')} on the calibration data, so ${reason.columns === 1 ? 'it keeps' : 'all keep'} scale 1: leave such samples out.`;
    case 'no-range':
      return noRangeWords(reason.columns, reason.weights);
    case 'no-layer-before':
      return 'No layer before can take the scale in its rows: cross-layer equalization leaves it alone.';
    case 'no-gain':
      return reason.tried === 0
        ? 'No scale rule finds anything to scale here.'
        : `Of ${reason.tried} ways to equalize it none makes int8 better on the calibration data by what it costs (0.1 dB for a mul).`;
    case 'not-by-pytorch':
      return 'PyTorch equalizes Linear layers and convolutions, but no transposed ones.';
    case 'keyword-input':
      return 'PyTorch skips it: its input is given by keyword (input=…), and PyTorch observes positional ones.';
    case 'taken-for-number':
      return 'PyTorch leaves it in float: view(x.size(…), …) makes it take the tensor whose size is read for a number. x.shape[…] does not.';
    default:
      return reason satisfies never;
  }
}

function mulSentence(reason: MulReason | null): string {
  switch (reason?.kind) {
    case undefined:
      return 'PyTorch multiplies unless the node before is a layer or has "relu" in its name.';
    case 'input':
      return `Its input comes from ${reason.source}, the model's input: nothing before it can take the scale.`;
    case 'barrier':
      return `Its input comes through ${reason.source} (${reason.op}), which a scale cannot pass.`;
    case 'windows':
      return `Its input comes through ${reason.source} (${reason.op}), which mixes the channels that the layer reads.`;
    case 'unknown-shape':
      return `Its input comes through ${reason.source} (${reason.op}) of a value whose shape is not known.`;
    case 'other-axis':
      return `The rows of ${reason.source} before it lie along another axis than the channels that it reads.`;
    case 'producer-shared':
      return `${reason.source} before it is used by ${reason.calls} calls, so its rows cannot take the scale.`;
    case 'other-reader':
      return `${reason.source} before it is also read by ${reason.reader}, which would see scaled values.`;
    case 'more-accurate':
      return `A fold is possible, but int8 is ${reason.by.toFixed(1)} dB better with a mul on the calibration data.`;
    default:
      return reason satisfies never;
  }
}

/** One sentence for the user. */
export function reasonOf(decision: LayerDecision): string {
  if (decision.decision === 'skip') return skipSentence(decision.reason);
  if (decision.decision === 'mul') return mulSentence(decision.reason);
  const { producers, dropped, unscaledBias, absorbedChannels = 0 } = decision;
  const producer = producers.join(' and ');
  if (dropped)
    return `PyTorch expects ${producer} to take the scale, but nothing does: the model's function changes.`;
  if (unscaledBias)
    return `PyTorch scales the rows of ${producer} but not its bias ${unscaledBias}, since "bias" is not in that name: the model's function changes.`;
  const folded = `The weights of ${producer} take the scale: no run-time cost.`;
  if (absorbedChannels === 0) return folded;
  const biases = absorbedChannels === 1 ? '1 high bias' : `${absorbedChannels} high biases`;
  return `${folded} ${biases} of ${producer} moved behind: the function is the same as long as those values fall no lower than on calibration data.`;
}
