import type { IndexPart, OpAttrs, OpCall, OpName } from '../../graph/op';
import type { Extent } from '../../graph/sizes';

/** Reads the sizes that a call's attributes hold: they are numbers when the model runs. */
export interface ExtentReader {
  readonly number: (extent: Extent) => number;
  readonly list: (extents: readonly Extent[]) => readonly number[];
}

/** Ops whose attributes may hold sizes; sizes among the operands of other ops are numbers to compute with. */
const WITH_EXTENTS: ReadonlySet<OpName> = new Set<OpName>([
  'reshape',
  'expand',
  'repeat',
  'getitem',
  'split',
  'pad',
  'interpolate',
  'arange',
  'full',
]);

export const takesExtents = (op: OpName): boolean => WITH_EXTENTS.has(op);

/** The call with numbers for all sizes in its attributes. */
export function numericCall(call: OpCall, read: ExtentReader): OpCall {
  const { number, list } = read;
  switch (call.op) {
    case 'reshape':
    case 'expand':
      return { ...call, attrs: { shape: list(call.attrs.shape) } };
    case 'repeat':
      return { ...call, attrs: { repeats: list(call.attrs.repeats) } };
    case 'getitem':
      return { ...call, attrs: { index: call.attrs.index.map((part) => numericPart(part, read)) } };
    case 'split':
      return { ...call, attrs: numericSplit(call.attrs, read) };
    case 'pad':
      return { ...call, attrs: { ...call.attrs, pads: list(call.attrs.pads) } };
    case 'interpolate':
      return { ...call, attrs: { ...call.attrs, size: call.attrs.size && list(call.attrs.size) } };
    case 'arange': {
      const { start, end, step, dtype } = call.attrs;
      return { ...call, attrs: { start: number(start), end: number(end), step: number(step), dtype } };
    }
    case 'full': {
      const { shape, value, dtype } = call.attrs;
      return { ...call, attrs: { shape: list(shape), value: number(value), dtype } };
    }
    default:
      return call;
  }
}

function numericPart(part: IndexPart, { number }: ExtentReader): IndexPart {
  if (part.kind === 'at') return { kind: 'at', position: number(part.position) };
  if (part.kind !== 'slice') return part;
  const bound = (extent: Extent | null) => (extent === null ? null : number(extent));
  return { kind: 'slice', start: bound(part.start), stop: bound(part.stop), step: part.step };
}

function numericSplit(attrs: OpAttrs['split'], { number, list }: ExtentReader): OpAttrs['split'] {
  const { cut } = attrs;
  if (cut.kind === 'each') return { ...attrs, cut: { kind: 'each', size: number(cut.size) } };
  return cut.kind === 'sizes' ? { ...attrs, cut: { kind: 'sizes', sizes: list(cut.sizes) } } : attrs;
}

/** A number in attributes that `numericCall` has read. */
export function plainNumber(extent: Extent): number {
  if (typeof extent === 'number') return extent;
  throw new Error(`internal: the size '${extent.node}' is no number yet`);
}
