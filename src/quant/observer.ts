import type { ModuleName, NodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import {
  FIXED_QPARAMS_OBSERVER,
  HISTOGRAM_OBSERVER,
  MIN_MAX_OBSERVER,
  MOVING_AVERAGE_OBSERVER,
} from '../graph/moduleTypes';
import type { ChannelStats } from './channelStats';
import { emptyFixedQParams, type FixedQParamsConfig, type FixedQParamsState } from './observers/fixedQParams';
import { emptyHistogram, type HistogramState } from './observers/histogramConfig';
import { searchRange } from './observers/histogramSearch';
import { emptyMinMax, type MinMaxState } from './observers/minMax';
import { emptyMovingAverage, type MovingAverageState } from './observers/movingAverageMinMax';
import type { ChannelRanges } from './observers/perChannelMinMax';
import type { TensorRange } from './observers/tensorRange';
import type { ActivationObserver } from './qconfig';
import type { QConfigMapping } from './qconfigMapping';
import { calculateQParams, type QParams } from './qparams';
import type { WeightObserverState } from './weightObserver';

/** What an observer is made from: the qconfig's choice, or fixed parameters for an op of known output range. */
export type ObserverConfig = ActivationObserver | FixedQParamsConfig;

interface ObserverSlot {
  /** Statistics per channel of the observed tensor; null before calibration. */
  readonly channels: ChannelStats | null;
  /** PyTorch gives an op that only moves values its input's observer object: range and all. */
  readonly sharesWith: ModuleName | null;
}

/** What one activation observer knows; `kind` tells how it came to its range. Before calibration min = +∞, max = −∞. */
export type Observer = (MinMaxState | MovingAverageState | HistogramState | FixedQParamsState) & ObserverSlot;
export type ObserverKind = Observer['kind'];

/** PyTorch's class of each kind. */
export const OBSERVER_TYPES: { readonly [K in ObserverKind]: string } = {
  minmax: MIN_MAX_OBSERVER,
  'moving-average': MOVING_AVERAGE_OBSERVER,
  histogram: HISTOGRAM_OBSERVER,
  fixed: FIXED_QPARAMS_OBSERVER,
};

/** An input-equalization observer: column ranges of the tensor that equalizable layers read. */
export interface EqualizationObserver {
  /** Axis of the columns: the layer's channel axis counted from the end, or PyTorch's 1, whatever the rank. */
  readonly axis: number;
  readonly channels: ChannelStats | null;
}

/** A model between `prepare` and `convert`. */
export interface ObservedModel extends Model {
  readonly qconfigs: QConfigMapping;
  readonly observers: Readonly<Record<ModuleName, Observer>>;
  readonly equalizationObservers: Readonly<Record<ModuleName, EqualizationObserver>>;
  /** Of the weights of functional layers, which come from `get_attr` nodes. */
  readonly weightObservers: Readonly<Record<ModuleName, WeightObserverState>>;
  /** Column ranges of such weights; null before calibration. */
  readonly weightEqualizationObservers: Readonly<Record<ModuleName, ChannelRanges | null>>;
  /** Nodes that equalization inserted (the muls): `convert` leaves them in float, in front of the quantize op. */
  readonly floatNodes: readonly NodeName[];
  /** Layers that PyTorch does not observe although their qconfig says so (`pytorchTypes`): their modules stay float. */
  readonly unobserved: readonly NodeName[];
}

/** Whether a module of an observed model observes anything: `convert` and the float model do without it. */
export const isObserver = (model: ObservedModel, target: ModuleName): boolean =>
  [
    model.observers,
    model.equalizationObservers,
    model.weightObservers,
    model.weightEqualizationObservers,
  ].some((observers) => Object.hasOwn(observers, target));

/** An observer that has seen nothing. */
export function emptyObserver(config: ObserverConfig): Observer {
  const slot: ObserverSlot = { channels: null, sharesWith: null };
  switch (config.kind) {
    case 'minmax':
      return { ...emptyMinMax(config), ...slot };
    case 'moving-average':
      return { ...emptyMovingAverage(config), ...slot };
    case 'histogram':
      return { ...emptyHistogram(config), ...slot };
    case 'fixed':
      return { ...emptyFixedQParams(config), ...slot };
    default:
      return config satisfies never;
  }
}

/** An observer that holds a range which it did not collect itself. */
export const rangedObserver = (config: ActivationObserver, range: TensorRange): Observer => ({
  ...emptyObserver(config),
  ...range,
});

/** The module that stands in the graph for an observer, with the settings that PyTorch prints. */
export const observerModule = ({ kind, spec }: ObserverConfig): ModuleSpec => ({
  type: OBSERVER_TYPES[kind],
  attrs: { dtype: spec.dtype, qscheme: spec.qscheme, quant_min: spec.quantMin, quant_max: spec.quantMax },
});

/** The name of the observer object behind a shared one. */
export function observerRoot(model: ObservedModel, name: ModuleName): ModuleName {
  const shared = model.observers[name]?.sharesWith;
  return shared ? observerRoot(model, shared) : name;
}

/** The observer's own state: that of the object it shares, where it shares one. */
export const observerState = (model: ObservedModel, name: ModuleName): Observer | undefined =>
  model.observers[observerRoot(model, name)];

/** Observers never change: what was calculated of one holds. */
const calculated = new WeakMap<Observer, QParams>();

/** Scale and zero point; a histogram's are searched for once. */
export function observerQParams(observer: Observer): QParams {
  const known = calculated.get(observer);
  if (known) return known;
  const qparams = calculate(observer);
  calculated.set(observer, qparams);
  return qparams;
}

function calculate(observer: Observer): QParams {
  if (observer.kind === 'fixed') return observer.qparams;
  const { spec } = observer;
  const searched =
    observer.kind === 'histogram' && observer.histogram
      ? searchRange(observer, observer.histogram)
      : observer;
  return calculateQParams(searched.min, searched.max, spec);
}

/** The range over all channels; +∞ and −∞ when there is none, NaN where a channel's is. */
export function overallRange(channels: Pick<ChannelStats, 'min' | 'max'>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of channels.min) min = Math.min(min, value);
  for (const value of channels.max) max = Math.max(max, value);
  return { min, max };
}
