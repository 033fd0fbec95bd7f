import { columnRangeOf } from '../../equalize/layerWeight';
import type { Placement } from '../../equalize/regions/regions';
import { statsOf } from '../../equalize/rules/classRanges';
import type { ChannelRange } from '../../equalize/scale';
import { asFloat } from '../../graph/tensor';
import type { ObservedModel } from '../../quant/observer';

/** What a rule looks at in a column. */
export type Width = 'range' | 'size';

/** The columns that decide a scale, by their names: of several that share it, the widest ones. */
export interface WidestColumns {
  /** `linear2.weight[:, 48]` */
  readonly weight: string;
  /** `x[48]`; `x of linear3[48]` where another layer reads it. */
  readonly input: string;
  /** How many columns share the scale. */
  readonly sharing: number;
}

/** A column of a layer that reads scaled values. */
interface Column {
  readonly k: number;
  readonly weight: string;
  readonly input: string;
  readonly own: { readonly [W in Width]: number };
  readonly read: { readonly [W in Width]: number };
}

function widthOf({ min, max }: ChannelRange, c: number): Column['own'] {
  const [low, high] = [min[c] ?? 0, max[c] ?? 0];
  return { range: high - low, size: Math.max(Math.abs(low), Math.abs(high)) };
}

/** All columns of the layers of a placement; `layer` is the one that is explained. */
export function columnsOf(model: ObservedModel, { consumers }: Placement, layer: string): readonly Column[] {
  return consumers.flatMap((consumer) => {
    const { node, call } = consumer.layer;
    const param = call.attrs.weight;
    const weights = columnRangeOf(call, asFloat(model.params[param], param));
    const inputs = statsOf(model, consumer);
    return Array.from(consumer.classes, (k, c) => ({
      k,
      weight: `${param}[:, ${c}]`,
      input: node.name === layer ? `x[${c}]` : `x of ${node.name}[${c}]`,
      own: widthOf(weights, c),
      read: widthOf(inputs, c),
    }));
  });
}

/** Those of a class; the first of equally wide ones. */
export function widestColumns(columns: readonly Column[], k: number, width: Width): WidestColumns | null {
  const sharing = columns.filter((column) => column.k === k);
  const [first] = sharing;
  if (first === undefined) return null;
  const widest = (of: 'own' | 'read') =>
    sharing.reduce((best, column) => (column[of][width] > best[of][width] ? column : best), first);
  return { weight: widest('own').weight, input: widest('read').input, sharing: sharing.length };
}
