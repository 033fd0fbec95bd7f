import type { EqualizeResult } from '../../equalize/equalization';
import type { NodeName, ParamName } from '../../graph/ids';
import { asFloat, type FloatTensor } from '../../graph/tensor';
import { groupsOf, type LayerCall } from '../../quant/layerAxes';
import { rowsFirst } from '../../quant/rowsFirst';
import type { LayerNode } from '../../quant/weightUse';
import type { Phase } from './phases';

/** One value of a weight, `[out, in / groups, …kernel]` whatever its layer's own order. */
export interface WeightElement {
  readonly row: number;
  /** The input channel that it meets. */
  readonly column: number;
  readonly value: number;
  /** In the order of rows first. */
  readonly index: number;
}

/** The largest value of a row, or of a column, or of all. */
export function largestElement(
  call: LayerCall,
  weight: FloatTensor,
  where: { readonly row?: number; readonly column?: number } = {},
): WeightElement {
  const { data, shape } = rowsFirst(call, weight);
  const [rows = 0, columns = 0, ...kernel] = shape;
  const taps = kernel.reduce((size, length) => size * length, 1);
  const groups = groupsOf(call);
  let best: WeightElement | null = null;
  for (let row = where.row ?? 0; row < (where.row === undefined ? rows : where.row + 1); row++) {
    const first = Math.floor((row * groups) / rows) * columns;
    const own = where.column === undefined ? null : where.column - first;
    if (own !== null && (own < 0 || own >= columns)) continue;
    for (let c = own ?? 0; c < (own === null ? columns : own + 1); c++)
      for (let k = 0; k < taps; k++) {
        const index = (row * columns + c) * taps + k;
        const value = data[index] ?? 0;
        if (best === null || Math.abs(value) > Math.abs(best.value))
          best = { row, column: first + c, value, index };
      }
  }
  return best ?? { row: where.row ?? 0, column: where.column ?? 0, value: 0, index: 0 };
}

export const elementAt = (call: LayerCall, weight: FloatTensor, index: number): number =>
  rowsFirst(call, weight).data[index] ?? 0;

/** `[5, 3]`, with the place in the kernel where there is one. */
export const elementName = (param: string, { row, column }: WeightElement): string =>
  `${param}[${row}, ${column}]`;

/** What equalization multiplied tensors with, change by change. */
export class Factors {
  private readonly scales: ReadonlyMap<string, Float32Array>;

  constructor(
    private readonly phase: Phase,
    private readonly result: EqualizeResult,
  ) {
    this.scales = new Map(
      result.decisions.flatMap(({ layer, scale }) => (scale ? [[layer, scale.values] as const] : [])),
    );
  }

  ofRows = (node: NodeName): Float32Array | null => this.result.outputScales.get(node) ?? null;
  ofColumns = (node: NodeName): Float32Array | null => this.scales.get(node) ?? null;
  lowered = (node: NodeName): Float32Array | null => this.result.outputShifts.get(node) ?? null;

  /** A weight's value as it is behind the changes before one of them, in the float32 arithmetic of the passes. */
  weightBefore(change: number, { call }: LayerNode, index: number, { row, column }: WeightElement): number {
    const { weight } = call.attrs;
    let value = elementAt(call, asFloat(this.phase.before.params[weight], weight), index);
    for (const { what, node } of this.earlier(change, weight)) {
      if (what === 'rows') value = Math.fround(value * (this.ofRows(node)?.[row] ?? 1));
      if (what === 'columns') value = divided(value, this.ofColumns(node)?.[column] ?? 1);
    }
    return value;
  }

  /** The same of a bias, up to what layers behind took over. */
  biasBefore(change: number, bias: ParamName, row: number): number {
    let value = asFloat(this.phase.before.params[bias], bias).data[row] ?? 0;
    for (const { what, node } of this.earlier(change, bias)) {
      if (what === 'rows') value = Math.fround(value * (this.ofRows(node)?.[row] ?? 1));
      if (what === 'bias-lowered') value = Math.fround(value - (this.lowered(node)?.[row] ?? 0));
    }
    return value;
  }

  private earlier(change: number, param: ParamName) {
    return this.phase.changes.slice(0, change).flatMap((earlier) => {
      const [node] = earlier.nodes;
      const counts = earlier.kind === 'rescale' && node !== undefined && earlier.params.includes(param);
      return counts ? [{ what: earlier.what, node }] : [];
    });
  }
}

/** `w / s` as `divideColumns` computes it: times the reciprocal, each rounded. */
export const divided = (value: number, scale: number): number => Math.fround(value * Math.fround(1 / scale));
