import { smoothQuant } from '../../equalize/rules/smoothQuant';
import type { NeutralReason } from '../../equalize/scale';
import type { Settings } from '../settings';
import { type Expression, formula, minus, over, power, sqrt } from './expression';
import type { Formula } from './playbackViews';
import type { ScaleSource } from './scaleSources';

/** A scale's formula, or in words why it has none. */
export interface ExplainedScale {
  readonly formulas: readonly Formula[];
  readonly why: string;
}

const NEUTRAL: { readonly [R in NeutralReason]: string } = {
  'zero-input-range': 'its input never varies',
  'zero-weight-range': 'its column of the weight is dead',
  'non-finite': 'NaN or infinite values reached it',
  'out-of-range': 'its scale would leave the comfortable range of float32',
};

/** The channel whose scale is farthest from 1: the largest correction. */
export function tellingChannel(values: Float32Array): number {
  let farthest = 0;
  values.forEach((value, c) => {
    if (Math.abs(Math.log(value)) > Math.abs(Math.log(values[farthest] ?? 1))) farthest = c;
  });
  return farthest;
}

/** How the scale of a layer's channel came about. `balanced`: what cross-layer equalization compares. */
export function scaleFormulas(
  source: ScaleSource,
  settings: Settings,
  c: number,
  balanced: () => { readonly column: number; readonly row: number } | null,
): ExplainedScale {
  const value = source.values[c] ?? 1;
  const reason = source.decision.scale?.neutral.find(({ channel }) => channel === c)?.reason;
  if (reason) return { formulas: [], why: `s[${c}] stays 1: ${NEUTRAL[reason]}.` };
  if (isByHand(source, settings, c))
    return { formulas: [], why: `s[${c}] = ${Number(value.toPrecision(4))} was set by hand.` };
  const found = expressionOf(source, settings, c, balanced);
  return found === null
    ? { formulas: [], why: `s[${c}] stays 1.` }
    : { formulas: [formula(`s[${c}]`, found.symbols, found.expression, value)], why: found.why };
}

/** Whether the user set it, at this layer or at one that shares it. */
function isByHand({ placement, classes, layer }: ScaleSource, { byHand }: Settings, c: number): boolean {
  const k = classes[c];
  const consumers = placement?.consumers ?? [{ layer, classes }];
  return consumers.some(({ layer: { node }, classes: own }) =>
    Object.keys(byHand.scales[node.name] ?? {}).some((channel) => own[Number(channel)] === k),
  );
}

interface Found {
  readonly symbols: string;
  readonly expression: Expression;
  readonly why: string;
}

function expressionOf(
  source: ScaleSource,
  settings: Settings,
  c: number,
  balanced: () => { readonly column: number; readonly row: number } | null,
): Found | null {
  const k = source.classes[c] ?? -1;
  if (k < 0) return null;
  const rule = 'rule' in source.decision ? source.decision.rule.replace(/, some by hand$/, '') : '';
  if (rule === 'cross-layer') {
    const ranges = balanced();
    return (
      ranges && {
        symbols: `sqrt(max|W[:, ${c}]| / max|row before|)`,
        expression: sqrt(over(ranges.column, ranges.row)),
        why: 'Cross-layer equalization: the rows of the layer before and the columns of this one end with one range. Both ranges are those with the scales of the layers around them.',
      }
    );
  }
  return rule.startsWith('SmoothQuant') || rule.startsWith('AWQ')
    ? ofSizes(source, k, rule, alphaOf(rule, settings))
    : ofRanges(source, k);
}

/** Several columns that share a scale: those that decide it are named in the formula. */
const sharedWords = (sharing: number): string =>
  sharing > 1 ? ` ${sharing} columns share this scale: it is that of the widest.` : '';

function ofSizes({ ranges, widest }: ScaleSource, k: number, rule: string, alpha: number): Found | null {
  const columns = widest(k, 'size');
  if (columns === null) return null;
  const { inputMax, weightMax } = ranges();
  const input = power(inputMax[k] ?? 0, alpha);
  const shared = sharedWords(columns.sharing);
  if (rule.startsWith('AWQ'))
    return {
      symbols: `1 / max|${columns.input}|^α`,
      expression: over(1, input),
      why: `${rule}: weight columns grow with the size of their input.${shared}`,
    };
  return {
    symbols: `max|${columns.weight}|^(1 − α) / max|${columns.input}|^α`,
    expression: over(power(weightMax[k] ?? 0, 1 - alpha), input),
    why: `${rule}: α says how much of the difficulty moves from the input to the weight.${shared}`,
  };
}

function ofRanges({ ranges, widest }: ScaleSource, k: number): Found | null {
  const columns = widest(k, 'range');
  if (columns === null) return null;
  const { input, weight } = ranges();
  const range = ({ min, max }: typeof input) => minus(max[k] ?? 0, min[k] ?? 0);
  const [w, x] = [columns.weight, columns.input];
  return {
    symbols: `sqrt((max ${w} − min ${w}) / (max ${x} − min ${x}))`,
    expression: sqrt(over(range(weight), range(input))),
    why: `Input-weight equalization: the column of the input and that of the weight end with the same range.${sharedWords(columns.sharing)}`,
  };
}

/** The title has three digits of α; the settings have all of it. */
function alphaOf(rule: string, { alpha }: Settings): number {
  if (rule === smoothQuant(alpha).title) return alpha;
  return Number(/α = (.*)$/.exec(rule)?.[1] ?? Number.NaN);
}
