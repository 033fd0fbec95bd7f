import { rangeText } from '../../equalize/activationObservers';
import type { NodeName } from '../../graph/ids';
import { firstInput } from '../../graph/node';
import { observerState } from '../../quant/observer';
import { calculateQParams } from '../../quant/qparams';
import type { EqualizeContext } from './equalizeContext';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { formula, times } from './expression';
import type { Formula } from './playbackViews';
import { observerFormulas, plannedWords, rangeFormulas } from './qparamsFormulas';

/* What observers make of scaled values. */

export function explainNewObserver(context: EqualizeContext, module: string): Explained {
  const observer = Object.entries(context.snapshot.model.observers).find(([name]) => name === module)?.[1];
  if (!observer) return NOTHING;
  return {
    ...NOTHING,
    why: `The layers behind the mul read scaled values: their observer holds the scaled range. ${plannedWords(observer)}`,
    formulas: observerFormulas(observer),
  };
}

export function explainRange(
  context: EqualizeContext,
  { range }: ChangeOfKind<'rescale'>,
  node: NodeName,
): Explained {
  const target = context.index.find(node)?.target;
  const observer = Object.entries(context.snapshot.model.observers).find(([name]) => name === target)?.[1];
  if (!range || !observer) return NOTHING;
  const found = extreme(context, node, range.after.max);
  const isFinal = observer.min === range.after.min && observer.max === range.after.max;
  const qparams = isFinal
    ? observerFormulas(observer)
    : rangeFormulas(
        range.after,
        observer.spec,
        calculateQParams(range.after.min, range.after.max, observer.spec),
      );
  return {
    ...NOTHING,
    why: `${node} sees scaled values from now on: ${rangeText(range.before.min, range.before.max)} becomes ${rangeText(range.after.min, range.after.max)}, over all channels.`,
    formulas: [...(found ? [found] : []), ...qparams],
  };
}

/** The channel whose scaled maximum is the observer's. */
function extreme(context: EqualizeContext, node: NodeName, max: number): Formula | null {
  for (const { placement, consumer, values, classes } of context.sources.values()) {
    const seen =
      placement?.placement === 'fold' ? placement.observers.find((observer) => observer.node === node) : null;
    const reads = consumer && firstInput(context.index.get(consumer.observerNode)) === node;
    const module = seen?.module ?? (reads ? consumer.observer : null);
    if (module === null) continue;
    const stats = seen
      ? observerState(context.before, seen.module)?.channels
      : context.before.equalizationObservers[module]?.channels;
    const own = seen?.classes ?? classes;
    for (const [c, k] of own.entries()) {
      const [x, s] = [stats?.max[c] ?? 0, values[classes.indexOf(k)] ?? 1];
      if (k >= 0 && Math.fround(x * s) === max)
        return formula(`max x[${c}]`, `max x[${c}] · s[${c}]`, times(x, s), max);
    }
  }
  return null;
}
