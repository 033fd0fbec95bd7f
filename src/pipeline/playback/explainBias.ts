import type { NodeName } from '../../graph/ids';
import { asFloat } from '../../graph/tensor';
import type { EqualizeContext } from './equalizeContext';
import { type ChangeOfKind, type Explained, NOTHING } from './explained';
import { formula, minus, plus } from './expression';

/* Biases that hand amounts on to the layers behind, and take them over. */

export function explainLowered(
  context: EqualizeContext,
  number: number,
  { params }: ChangeOfKind<'rescale'>,
  node: NodeName,
  part: number | null,
): Explained {
  const amounts = context.factors.lowered(node);
  const [bias] = params;
  if (!amounts || bias === undefined) return NOTHING;
  const r = part ?? amounts.indexOf(amounts.reduce((most, amount) => Math.max(most, amount), 0));
  const b = context.factors.biasBefore(number, bias, r);
  const c = amounts[r] ?? 0;
  return {
    ...NOTHING,
    why: `On the calibration data channel ${r} never falls below c[${r}]: without it, int8 has a narrower range to cover, and the layers behind add it again.`,
    formulas: [formula(`${bias}[${r}]`, `b[${r}] − c[${r}]`, minus(b, c), Math.fround(b - c))],
    choice: { what: 'row', count: amounts.length, chosen: r },
  };
}

export function explainRaised(
  context: EqualizeContext,
  number: number,
  node: NodeName,
  part: number | null,
): Explained {
  const layer = context.layers.get(node);
  const bias = layer?.call.attrs.bias;
  if (!layer || !bias) return NOTHING;
  const final = asFloat(context.snapshot.model.params[bias], bias).data;
  const later = context.phase.changes
    .slice(number + 1)
    .some((change) => change.kind === 'rescale' && change.params.includes(bias));
  const added = (r: number) => (final[r] ?? 0) - context.factors.biasBefore(number, bias, r);
  const r =
    part ?? final.reduce((most, _, row) => (Math.abs(added(row)) > Math.abs(added(most)) ? row : most), 0);
  const b = context.factors.biasBefore(number, bias, r);
  const sum = formula(`${bias}[${r}]`, `b[${r}] + Σ W[${r}, j] · c[j]`, plus(b, added(r)), final[r] ?? 0);
  return {
    ...NOTHING,
    why: 'It takes over what the layer before left out of its bias: what its columns make of those amounts.',
    formulas: later ? [] : [sum],
    choice: { what: 'row', count: final.length, chosen: r },
  };
}
