import type { ModuleName, NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { ChannelStats } from './channelStats';
import type { QConfig, QuantizationSpec } from './qconfig';
import { calculateQParams, type QParams } from './qparams';

/**
 * What one activation observer knows. Its per-tensor range is the range over all finite values that it saw
 * (torch/ao/quantization/observer.py, `MinMaxObserver`); before calibration min = +∞ and max = −∞.
 */
export interface Observer {
  readonly spec: QuantizationSpec;
  readonly min: number;
  readonly max: number;
  /** Statistics per channel of the observed tensor's last axis; null before calibration. */
  readonly channels: ChannelStats | null;
  /** Set for ops of known output range (sigmoid, tanh, softmax): `FixedQParamsObserver`. */
  readonly fixed: QParams | null;
  /** PyTorch gives an op that only moves values its input's observer object: range and all. */
  readonly sharesWith: ModuleName | null;
}

/** An input-equalization observer: column ranges of the tensor that equalizable layers read. */
export interface EqualizationObserver {
  readonly channels: ChannelStats | null;
}

/** A model between `prepare` and `convert`. */
export interface ObservedModel extends Model {
  readonly qconfig: QConfig;
  readonly observers: Readonly<Record<ModuleName, Observer>>;
  readonly equalizationObservers: Readonly<Record<ModuleName, EqualizationObserver>>;
  /** Nodes that equalization inserted (the muls): `convert` leaves them in float, in front of the quantize op. */
  readonly floatNodes: readonly NodeName[];
}

export const emptyObserver = (spec: QuantizationSpec): Observer => ({
  spec,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  channels: null,
  fixed: null,
  sharesWith: null,
});

/** The name of the observer object behind a shared one. */
export function observerRoot(model: ObservedModel, name: ModuleName): ModuleName {
  let root = name;
  for (let next: ModuleName | null = name; next; next = model.observers[root]?.sharesWith ?? null)
    root = next;
  return root;
}

/** The observer's own state: that of the object it shares, where it shares one. */
export const observerState = (model: ObservedModel, name: ModuleName): Observer | undefined =>
  model.observers[observerRoot(model, name)];

export const observerQParams = (observer: Observer): QParams =>
  observer.fixed ?? calculateQParams(observer.min, observer.max, observer.spec);

/** The range over all channels; +∞ and −∞ when there is none. */
export function overallRange(channels: Pick<ChannelStats, 'min' | 'max'>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of channels.min) if (value < min) min = value;
  for (const value of channels.max) if (value > max) max = value;
  return { min, max };
}
