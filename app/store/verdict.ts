import type { LayerView, ScaleEdit, Settings, StudioView } from '../../src/index';
import { allEdits, layerNames } from './byHand';
import { countOf } from './counting';
import { equalizesNothing } from './findings';
import { printedGain } from './gains';
import { isLosing, shownGain } from './layersTable/layerRow';

export interface VerdictWords {
  readonly tone: 'better' | 'worse' | 'same' | 'unknown';
  /** What came of it, in one sentence. */
  readonly result: string;
  /** Where it lost, why that may be; empty where nothing was lost. */
  readonly reasons: readonly string[];
  /** Layers whose output equalization made worse, the worst first. */
  readonly losing: readonly LayerView[];
  /** The scales set by hand that count, where something was lost: the first that may be the cause. */
  readonly byHand: readonly ScaleEdit[];
}

const decibels = (value: number): string => `${Math.abs(value).toFixed(1)} dB`;

const losingLayers = (layers: readonly LayerView[]): readonly LayerView[] =>
  layers
    .filter((layer) => layer.decision !== 'skip' && isLosing(layer))
    .toSorted((a, b) => (shownGain(a) ?? 0) - (shownGain(b) ?? 0));

/** What makes this way of equalizing lose, as far as the settings tell. */
function causes({ semantics, method, qconfig }: Settings): readonly string[] {
  if (semantics === 'pytorch')
    return [
      'PyTorch 1.13.1 leaves the ranges of some observers as they were before it scaled their tensors, and changes what some models compute. Exact does neither.',
    ];
  const perTensor = qconfig === 'default' || qconfig === 'qnnpack';
  const weights = perTensor
    ? [
        'a scale that evens out the columns of an input widens those of the weight, and all rows of a per-tensor weight share one step: per-channel weights lose less.',
      ]
    : ['a scale that evens out the columns of an input widens those of the weight.'];
  if (method === 'cross-layer')
    return ['cross-layer equalization looks at weights alone: ranges of activations may grow by it.'];
  return method === 'auto'
    ? [
        'auto never loses on the whole model it measured: other data or settings than it saw make the difference.',
      ]
    : weights;
}

/** PyTorch semantics knows none, and a layer that is left alone has none. */
function scalesByHand({ semantics, byHand }: Settings, layers: readonly LayerView[]): readonly ScaleEdit[] {
  if (semantics === 'pytorch') return [];
  const scaled = new Set(layers.filter(({ decision }) => decision !== 'skip').map(({ name }) => name));
  return allEdits(byHand.scales).filter(({ layer }) => scaled.has(layer));
}

/** What the user set comes before what the method does. */
function byHandWords(edits: readonly ScaleEdit[]): readonly string[] {
  const [edit, ...others] = edits;
  if (edit === undefined) return [];
  if (others.length === 0) return [`the scale set by hand, of column ${edit.column} of ${edit.layer}.`];
  const layers = layerNames([...new Set(edits.map(({ layer }) => layer))]);
  return [`the ${countOf(edits.length, 'scale')} set by hand, of ${layers}.`];
}

function lossWords(losing: readonly LayerView[]): readonly string[] {
  const [worst] = losing;
  if (worst === undefined) return ['No single layer loses by it: the loss is at the model’s output alone.'];
  return [
    `${countOf(losing.length, 'layer')} ${losing.length === 1 ? 'is' : 'are'} worse with it, most of all ${worst.name} (−${decibels(shownGain(worst) ?? 0)}).`,
  ];
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`;

/** In samples, which everyone can weigh: `and 1 more of 540 is right`. */
function accuracyWords({ results, evaluation }: StudioView): string {
  const accuracy = results?.accuracy ?? null;
  if (accuracy === null || evaluation === null || accuracy.plain === accuracy.equalized) return '';
  const { samples } = evaluation;
  const change = (accuracy.equalized - accuracy.plain) * samples;
  const count = Math.round(Math.abs(change));
  // Several labels a sample: there the difference is none of whole samples.
  if (Math.abs(Math.abs(change) - count) > 1e-3)
    return `, and accuracy ${change > 0 ? 'rises' : 'falls'} from ${percent(accuracy.plain)} to ${percent(accuracy.equalized)}`;
  return `, and ${count} ${change > 0 ? 'more' : 'fewer'} of ${countOf(samples, 'sample')} ${count === 1 ? 'is' : 'are'} right`;
}

/** Below so many dB the error is a third of the output and more. */
const POOR_DB = 10;

/** A gain says nothing of where it began. SQNR is 20 log₁₀ of output over error. */
function levelWords(equalized: number | null): readonly string[] {
  if (equalized === null || !(equalized < POOR_DB)) return [];
  const error = Math.round(100 * 10 ** (-equalized / 20));
  return [
    `At ${equalized.toFixed(1)} dB the int8 model’s error is ${error} % of its output: hardly of use as it is. Weights per channel, layers left in float or another method may bring more.`,
  ];
}

const withoutLoss = (
  tone: VerdictWords['tone'],
  result: string,
  losing: readonly LayerView[],
  reasons: readonly string[] = [],
): VerdictWords => ({ tone, result, reasons, losing, byHand: [] });

function explained(losing: readonly LayerView[], layers: readonly LayerView[], settings: Settings) {
  const byHand = scalesByHand(settings, layers);
  const possible = [...byHandWords(byHand), ...causes(settings)];
  const reasons = [...lossWords(losing), ...possible.map((cause) => `A possible cause: ${cause}`)];
  return { reasons, byHand };
}

/** What Convert came to, in words that need no knowledge of dB; null until it has run. */
export function verdictOf(view: StudioView, settings: Settings): VerdictWords | null {
  const { results, layers, steps } = view;
  // Equalize has results too: its check in float.
  if (results === null || steps.convert === undefined) return null;
  const { plain, equalized } = results.sqnr;
  const losing = losingLayers(layers);
  if (equalizesNothing(settings))
    return withoutLoss('same', 'Nothing was equalized: this is plain int8.', []);
  const gain = plain === null || equalized === null ? Number.NaN : printedGain(plain, equalized);
  if (Number.isNaN(gain))
    return withoutLoss(
      'unknown',
      'The model’s output has no SQNR on this data: it is all zero, or not finite.',
      losing,
    );
  const also = accuracyWords(view);
  const level = levelWords(equalized);
  if (gain === 0)
    return withoutLoss(
      'same',
      `Equalization makes no difference to the int8 model’s output${also}.`,
      losing,
      level,
    );
  if (gain > 0)
    return withoutLoss(
      'better',
      `Equalized, the int8 model is ${decibels(gain)} closer to float${also}.`,
      losing,
      level,
    );
  return {
    tone: 'worse',
    result: `Equalized, the int8 model is ${decibels(gain)} further from float than plain int8${also}.`,
    losing,
    ...explained(losing, layers, settings),
  };
}
