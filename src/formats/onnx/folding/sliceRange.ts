/** Which elements of an axis a Slice takes: the first one, how many, and how far apart. */
export interface SliceRange {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

/** ONNX's Slice (operator Slice, opset 10): bounds count from the end where negative, and are cut off at the ends. */
export function sliceRange(start: number, end: number, step: number, size: number): SliceRange {
  const back = step < 0;
  const [low, high] = back ? [-1, size - 1] : [0, size];
  const bound = (value: number, lowest: number) => {
    const from = value < 0 ? value + size : value;
    return Math.min(high, Math.max(lowest, from));
  };
  const first = bound(start, back ? 0 : low);
  const last = bound(end, low);
  return { first: Math.max(0, first), count: Math.max(0, Math.ceil((last - first) / step)), step };
}
