import type { NodeName } from '../../graph/ids';
import { isNodeRef } from '../../graph/node';
import type { SemanticsRun } from './semanticsRun';

/** Both runs of one model; `shown` is the one whose graphs the page draws. */
export interface BothRuns {
  readonly exact: SemanticsRun;
  readonly pytorch: SemanticsRun;
  readonly shown: SemanticsRun;
}

/** Float32 results of one formula on one machine differ by less. */
const TOLERANCE = 1e-5;

export const isClose = (a: number, b: number, size: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * size;

/** Whether two lists hold the same numbers but for float32's rounding. */
export const areClose = (a: Float32Array | undefined, b: Float32Array | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.every((value, i) => isClose(value, b[i] ?? Number.NaN, Math.abs(value))));

export const short = (value: number): string => String(Number(value.toPrecision(3)));

/** `0.31 to 2.4`, or the one value that all have. */
export function spanText(values: Float32Array): string {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return low === high ? short(low) : `${short(low)} to ${short(high)}`;
}

/** The layers of a run, as decisions name them. */
export const layerNames = ({ equalized }: SemanticsRun): ReadonlySet<string> =>
  new Set(equalized.decisions.map((decision) => decision.layer));

/** What a node reads, past all that observes or scales: the value as the user's graph has it. */
export function originOf(run: SemanticsRun, inserted: ReadonlySet<NodeName>, value: NodeName): NodeName {
  const nodes = new Map(run.equalized.model.graph.nodes.map((node) => [node.name, node]));
  for (let name = value; ; ) {
    const input = inserted.has(name) ? nodes.get(name)?.args[0] : undefined;
    if (!isNodeRef(input)) return name;
    name = input.node;
  }
}
