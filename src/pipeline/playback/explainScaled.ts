import type { NodeName } from '../../graph/ids';
import { asFloat } from '../../graph/tensor';
import type { EqualizeContext } from './equalizeContext';
import { type ChangeOfKind, type Explained, joined, NOTHING } from './explained';
import { formula, over, times } from './expression';
import type { Formula } from './playbackViews';
import { tellingChannel } from './scaleFormulas';
import type { ScaleSource } from './scaleSources';
import { divided, elementName, largestElement } from './weightElements';

/* What a scale did to tensors: columns divided, rows and other nodes' tensors multiplied. */

export function explainColumns(
  context: EqualizeContext,
  number: number,
  node: NodeName,
  part: number | null,
): Explained {
  const source = context.sources.get(node);
  const layer = context.layers.get(node);
  const values = context.factors.ofColumns(node);
  if (!layer || !values) return NOTHING;
  const c = part ?? tellingChannel(values);
  const { weight } = layer.call.attrs;
  const element = largestElement(layer.call, asFloat(context.before.params[weight], weight), { column: c });
  const value = context.factors.weightBefore(number, layer, element.index, element);
  const s = values[c] ?? 1;
  const name = elementName(weight, element);
  const divide = formula(name, `W[:, ${c}] / s[${c}]`, over(value, s), divided(value, s));
  const scale = source ? context.scaleOf(source, c) : null;
  return {
    ...NOTHING,
    why: joined(
      `Column ${c} of the input arrives multiplied by s[${c}], so the column of the weight is divided by it: the product stays.`,
      scale?.why ?? '',
    ),
    formulas: [divide, ...(scale?.formulas ?? [])],
    choice: { what: 'column', count: values.length, chosen: c },
  };
}

export function explainRows(
  context: EqualizeContext,
  number: number,
  { params }: ChangeOfKind<'rescale'>,
  node: NodeName,
  part: number | null,
): Explained {
  const layer = context.layers.get(node);
  const factors = context.factors.ofRows(node);
  if (!layer || !factors) return NOTHING;
  const r = part ?? tellingChannel(factors);
  const { weight, bias } = layer.call.attrs;
  const reader = readerOf(context, node, weight, factors, r);
  const s = factors[r] ?? 1;
  const label = reader ? `s[${reader.channel}]` : `s[${r}]`;
  const element = largestElement(layer.call, asFloat(context.before.params[weight], weight), { row: r });
  const value = context.factors.weightBefore(number, layer, element.index, element);
  const formulas = [
    formula(elementName(weight, element), `W[${r}, :] · ${label}`, times(value, s), Math.fround(value * s)),
  ];
  if (bias !== null && params.includes(bias)) {
    const b = context.factors.biasBefore(number, bias, r);
    formulas.push(formula(`${bias}[${r}]`, `b[${r}] · ${label}`, times(b, s), Math.fround(b * s)));
  }
  const scale = reader ? context.scaleOf(reader.source, reader.channel) : null;
  const why = reader
    ? `Row ${r} makes the channel that ${reader.source.layer.node.name} reads as its column ${reader.channel}: it takes that column's scale, at no cost at run time.`
    : `Row ${r} takes the scale of what reads it, at no cost at run time.`;
  return {
    ...NOTHING,
    why: joined(why, scale?.why ?? ''),
    formulas: [...formulas, ...(scale?.formulas ?? [])],
    choice: { what: 'row', count: factors.length, chosen: r },
  };
}

/** The layer whose scale a row takes, and its channel. */
function readerOf(
  context: EqualizeContext,
  node: NodeName,
  param: string,
  factors: Float32Array,
  r: number,
): { readonly source: ScaleSource; readonly channel: number } | null {
  for (const source of context.sources.values()) {
    const { placement } = source;
    if (placement === null && source.values === factors) return { source, channel: r };
    if (placement?.placement !== 'fold') continue;
    const own = placement.params.find((taker) => taker.node === node && taker.param === param);
    const channel = own ? source.classes.indexOf(own.classes[r] ?? -2) : -1;
    if (channel >= 0) return { source, channel };
  }
  return null;
}

export function explainTensors(
  context: EqualizeContext,
  { params }: ChangeOfKind<'rescale'>,
  node: NodeName,
  part: number | null,
): Explained {
  const source = [...context.sources.values()].find(
    ({ placement }) =>
      placement?.placement === 'fold' && placement.params.some((taker) => taker.node === node),
  );
  if (source?.placement?.placement !== 'fold') return NOTHING;
  const takers = source.placement.params.filter(
    (taker) => taker.node === node && params.includes(taker.param),
  );
  const [first] = takers;
  if (!first) return NOTHING;
  const factorOf = (k: number) => source.values[source.classes.indexOf(k)] ?? 1;
  const i = part ?? tellingChannel(Float32Array.from(first.classes, factorOf));
  const formulas = takers.flatMap(({ param, axis, classes }): readonly Formula[] => {
    const { data, shape } = asFloat(context.before.params[param], param);
    const inner = shape.slice(axis + 1).reduce((size, length) => size * length, 1);
    const [value, s] = [data[i * inner] ?? 0, factorOf(classes[i] ?? -1)];
    return [formula(`${param}[${i}]`, `${param}[${i}] · s`, times(value, s), Math.fround(value * s))];
  });
  const channel = source.classes.indexOf(first.classes[i] ?? -2);
  const scale = channel < 0 ? null : context.scaleOf(source, channel);
  return {
    ...NOTHING,
    why: joined(
      `${node} makes the channels that ${source.layer.node.name} reads: its own tensors take the scale, at no cost at run time.`,
      scale?.why ?? '',
    ),
    formulas: [...formulas, ...(scale?.formulas ?? [])],
    choice: { what: 'channel', count: first.classes.length, chosen: i },
  };
}
