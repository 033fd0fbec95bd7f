import type { ModuleName } from '../../graph/ids';
import { type ObservedModel, observerRoot, observerState } from '../../quant/observer';
import { type Explained, NOTHING } from './explained';
import { formula, minus } from './expression';
import { observerFormulas, observerWords } from './qparamsFormulas';

/** What an observer saw. */
export function explainObserved(model: ObservedModel, module: ModuleName, part: number | null): Explained {
  const columns = model.equalizationObservers[module]?.channels;
  if (columns) return columnRanges(columns.min, columns.max, part);
  const observer = observerState(model, module);
  if (!observer) return NOTHING;
  const root = observerRoot(model, module);
  const shared = root === module ? '' : ` It is one object with ${root}, and sees what both see.`;
  return { ...NOTHING, why: `${observerWords(observer)}${shared}`, formulas: observerFormulas(observer) };
}

function columnRanges(min: Float32Array, max: Float32Array, part: number | null): Explained {
  const range = (c: number) => (max[c] ?? 0) - (min[c] ?? 0);
  const widest = part ?? min.reduce((most, _, c) => (range(c) > range(most) ? c : most), 0);
  const narrowest = min.reduce((least, _, c) => (range(c) < range(least) ? c : least), 0);
  const [high, low] = [max[widest] ?? 0, min[widest] ?? 0];
  const isSeen = Number.isFinite(high) && Number.isFinite(low);
  return {
    why: `The more the ranges of columns differ, the more int8 wastes on the narrow ones. The narrowest is column ${narrowest}, with ${Number(range(narrowest).toPrecision(3))}.`,
    formulas: isSeen
      ? [formula(`range x[${widest}]`, `max x[${widest}] − min x[${widest}]`, minus(high, low), high - low)]
      : [],
    choice: { what: 'column', count: min.length, chosen: widest },
  };
}
