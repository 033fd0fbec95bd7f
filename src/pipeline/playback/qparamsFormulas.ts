import { type Observer, observerQParams } from '../../quant/observer';
import { searchRange } from '../../quant/observers/histogramSearch';
import type { TensorRange } from '../../quant/observers/tensorRange';
import { calculateQParams, type QParams } from '../../quant/qparams';
import { isSymmetric, type QuantizationSpec } from '../../quant/spec';
import { formula, largest, minus, over, round } from './expression';
import type { Formula } from './playbackViews';

/** The smallest scale that observers give. */
const LEAST_SCALE = 2 ** -23;

const isKnown = ({ min, max }: TensorRange): boolean => Number.isFinite(min) && Number.isFinite(max);

/** `scale = (max − min) / (quant_max − quant_min)` and the zero point, of a range (`quant/qparams.ts`). Ranges hold 0. */
export function rangeFormulas(
  range: TensorRange,
  spec: QuantizationSpec,
  { scale, zeroPoint }: QParams = calculateQParams(range.min, range.max, spec),
  at = '',
): readonly Formula[] {
  if (!isKnown(range)) return [];
  const [low, high] = [Math.fround(Math.min(range.min, 0)), Math.fround(Math.max(range.max, 0))];
  const steps = spec.quantMax - spec.quantMin;
  const isLeast = scale === LEAST_SCALE;
  if (isSymmetric(spec.qscheme)) {
    const plain = over(largest(-low, high), over(steps, 2));
    const symbols = 'max(−min, max) / ((quant_max − quant_min) / 2)';
    return [formula(`scale${at}`, symbols, isLeast ? largest(plain, LEAST_SCALE) : plain, scale)];
  }
  const plain = over(minus(high, low), steps);
  const first = formula(
    `scale${at}`,
    '(max − min) / (quant_max − quant_min)',
    isLeast ? largest(plain, LEAST_SCALE) : plain,
    scale,
  );
  const zero = minus(spec.quantMin, round(over(low, scale)));
  return [first, formula(`zero_point${at}`, 'quant_min − round(min / scale)', zero, zeroPoint)];
}

/** Those of an observer: of a histogram, of the range that its search kept. */
export function observerFormulas(observer: Observer): readonly Formula[] {
  if (observer.kind === 'fixed') return [];
  const range =
    observer.kind === 'histogram' && observer.histogram
      ? searchRange(observer, observer.histogram)
      : observer;
  return rangeFormulas(range, observer.spec, observerQParams(observer));
}

/** Where an observer's range comes from, and what it will count with. */
export function observerWords(observer: Observer): string {
  const { spec } = observer;
  const grid = `${spec.dtype.replace('torch.', '')}, ${spec.quantMin} … ${spec.quantMax}, ${spec.qscheme.replace('torch.', '')}`;
  switch (observer.kind) {
    case 'minmax':
      return `MinMaxObserver keeps the smallest and the largest value (${grid}).`;
    case 'moving-average':
      return `MovingAverageMinMaxObserver draws its range towards each batch's by ${observer.averagingConstant} (${grid}).`;
    case 'histogram':
      return `HistogramObserver keeps ${observer.bins} bins and gives up the tails that cost more than they hold (${grid}).`;
    case 'fixed':
      return `FixedQParamsObserver: the op's output range is known, so scale ${observer.qparams.scale} and zero point ${observer.qparams.zeroPoint} are given (${grid}).`;
    default:
      return observer satisfies never;
  }
}

/** What `convert` will make of the range, with this qconfig's numbers. */
export function plannedWords({ kind, spec }: Observer): string {
  if (kind === 'fixed') return '';
  const steps = spec.quantMax - spec.quantMin;
  return isSymmetric(spec.qscheme)
    ? `Its range becomes scale = max(−min, max) / ${steps / 2}.`
    : `Its range becomes scale = (max − min) / ${steps} and zero_point = ${spec.quantMin} − round(min / scale).`;
}
