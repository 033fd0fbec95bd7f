import type { Tensor } from '../../graph/tensor';
import { type ArrayLabel, elementCount } from '../arraySize';
import { decodeElements, ELEMENT_BYTES, type ElementType, swapByteOrder } from '../elements';
import { FormatError } from '../errors';
import { TORCH_DTYPES } from './torchTypes';

/** A tensor as a view of a storage: everything counts elements. */
export interface View {
  readonly dtype: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The studio's element type of a PyTorch dtype; a FormatError that names tensor and dtype for one it does not read. */
export function elementTypeOf(dtype: string, label: ArrayLabel): ElementType {
  const type = TORCH_DTYPES.get(dtype);
  if (type) return type;
  throw new FormatError(
    label.file,
    /^qu?int/.test(dtype)
      ? `${label.what} is quantized (torch.${dtype}). The studio quantizes float models itself: save the float model, from before convert.`
      : `${label.what} is of dtype torch.${dtype}; the studio reads ${[...TORCH_DTYPES.keys()].join(', ')}. Convert it with .float() and save again.`,
  );
}

/** Row-major strides of a shape. */
export function contiguousStrides(shape: readonly number[]): readonly number[] {
  let step = 1;
  return shape
    .toReversed()
    .map((size) => {
      const stride = step;
      step *= Math.max(size, 1);
      return stride;
    })
    .reverse();
}

const isContiguous = ({ shape, strides }: View): boolean => {
  const expected = contiguousStrides(shape);
  return shape.every((size, i) => size === 1 || strides[i] === expected[i]);
};

/** Number of elements, once the view is known to lie inside its storage. */
function checkView(view: View, stored: number, label: ArrayLabel): number {
  const count = elementCount(view.shape, label);
  if (count === 0) return 0;
  const last = view.shape.reduce((at, size, i) => at + (size - 1) * (view.strides[i] ?? 0), view.offset);
  if (view.offset < 0 || !Number.isSafeInteger(last) || last >= stored)
    throw new FormatError(
      label.file,
      `${label.what} of shape [${view.shape.join(', ')}] with strides [${view.strides.join(', ')}] and offset ${view.offset} reaches element ${last} of a storage of ${stored}. The file is cut short or damaged.`,
    );
  return count;
}

/** The elements of a view in row-major order, as bytes. */
function gather(
  bytes: Uint8Array,
  { offset, shape, strides }: View,
  width: number,
  count: number,
): Uint8Array {
  const out = new Uint8Array(count * width);
  const position = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < width; b++) out[i * width + b] = bytes[at * width + b] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size = 0, stride = 0, index = 0] = [shape[axis], strides[axis], position[axis]];
      at += stride;
      position[axis] = index + 1;
      if (index + 1 < size) break;
      at -= stride * size;
      position[axis] = 0;
    }
  }
  return out;
}

/** Of the 64 MiB that opening a file may take beyond four times its size; the others are for what describes the tensors. */
const FREE_BYTES = 48 * 2 ** 20;
/** Every element is a float32 or an int32 in memory, or less. */
const ELEMENT_SIZE = 4;

/**
 * What tensors of a file may take together: a view can repeat its storage (stride 0), so a small file can claim any
 * amount. Counts bytes in memory; `unpacked` are those that the file's members take already.
 */
export class ElementBudget {
  private left: number;
  constructor(bytesOfFile: number, unpacked = 0) {
    this.left = 4 * bytesOfFile + FREE_BYTES - unpacked;
  }
  /** `width` is that of an element in a copy that goes again, 0 where none is made. */
  take(count: number, width: number, label: ArrayLabel): void {
    const { left } = this;
    this.left -= count * ELEMENT_SIZE;
    if (left < count * (ELEMENT_SIZE + width))
      throw new FormatError(
        label.file,
        `its tensors repeat their storages to more elements than the file has room for (at ${label.what}). Save them with .contiguous().clone().`,
      );
  }
}

/** The tensor of a view, in row-major order and in the studio's element types. `bytes` is its whole storage. */
export function materialize(
  bytes: Uint8Array,
  view: View,
  label: ArrayLabel,
  budget: ElementBudget,
  bigEndian = false,
): Tensor {
  const type = elementTypeOf(view.dtype, label);
  const width = ELEMENT_BYTES[type];
  const count = checkView(view, Math.floor(bytes.length / width), label);
  const copied = bigEndian || !isContiguous(view);
  budget.take(count, copied ? width : 0, label);
  const start = view.offset * width;
  const packed =
    count === 0
      ? new Uint8Array(0)
      : isContiguous(view)
        ? bytes.subarray(start, start + count * width)
        : gather(bytes, view, width, count);
  const ordered = bigEndian ? swapByteOrder(packed, width) : packed;
  return { shape: view.shape, ...decodeElements(ordered, type, label) };
}
