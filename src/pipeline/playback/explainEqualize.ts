import { reasonOf } from '../../equalize/decision';
import type { NodeName } from '../../graph/ids';
import type { EqualizeContext } from './equalizeContext';
import { explainLowered, explainRaised } from './explainBias';
import { type ChangeOfKind, type Explained, joined, NOTHING } from './explained';
import { explainNewObserver, explainRange } from './explainRange';
import { explainColumns, explainRows, explainTensors } from './explainScaled';
import { formula, times } from './expression';
import { tellingChannel } from './scaleFormulas';

/* Why equalization made a change. */

export function explainRescaled(
  context: EqualizeContext,
  number: number,
  change: ChangeOfKind<'rescale'>,
  part: number | null,
): Explained {
  const [node] = change.nodes;
  if (node === undefined) return NOTHING;
  switch (change.what) {
    case 'columns':
      return explainColumns(context, number, node, part);
    case 'rows':
      return explainRows(context, number, change, node, part);
    case 'tensors':
      return explainTensors(context, change, node, part);
    case 'bias-lowered':
      return explainLowered(context, number, change, node, part);
    case 'bias-raised':
      return explainRaised(context, number, node, part);
    case 'range':
      return explainRange(context, change, node);
    case 'forgotten':
      return {
        ...NOTHING,
        why: 'The range that it saw is that of the unscaled weight: it is emptied, and Convert shows it the scaled one.',
      };
    default:
      return NOTHING;
  }
}

/** The constant in front of a mul, and the mul. */
export function explainInserted(
  context: EqualizeContext,
  { node, nodes }: ChangeOfKind<'insert'>,
  part: number | null,
): Explained {
  const mul = node.op === 'get_attr' ? null : node.name;
  if (node.op === 'call_module') return explainNewObserver(context, node.target);
  const source = [...context.sources.values()].find(
    ({ decision }) =>
      decision.decision === 'mul' && (decision.mul === mul || reads(context, decision.mul, node.name)),
  );
  if (!source) return NOTHING;
  const c = part ?? tellingChannel(source.values);
  const scale = context.scaleOf(source, c);
  const choice = { what: 'column' as const, count: source.values.length, chosen: c };
  const reason = reasonOf(source.decision);
  if (mul === null) return { ...NOTHING, ...scale, why: joined(scale.why, reason), choice };
  const k = source.classes[c] ?? -1;
  const largest = source.ranges().input.max[k] ?? 0;
  const s = source.values[c] ?? 1;
  const product = formula(
    `max ${mul}[${c}]`,
    `max ${nodes[1] ?? 'x'}[${c}] · s[${c}]`,
    times(largest, s),
    Math.fround(largest * s),
  );
  return { ...NOTHING, why: reason, formulas: [product, ...scale.formulas], choice };
}

/** Whether the mul reads the constant. */
function reads(context: EqualizeContext, mul: NodeName, constant: NodeName): boolean {
  const node = context.snapshot.model.graph.nodes.find(({ name }) => name === mul);
  return (
    node?.args.some(
      (arg) => typeof arg === 'object' && arg !== null && 'node' in arg && arg.node === constant,
    ) ?? false
  );
}
