import { ELEMENT, elementName, isCoarseElement, isIntegerElement } from '../file/elementTypes';

/** Tensors and inputs that the studio computes in another element type than the file's, for the notes. */
export class ConvertedTypes {
  private readonly seen = new Map<number, { count: number; readonly first: string }>();

  note(value: string, elementType: number): void {
    if (elementType === ELEMENT.FLOAT || elementType === ELEMENT.INT32 || elementType === ELEMENT.BOOL)
      return;
    const seen = this.seen.get(elementType);
    if (seen) seen.count++;
    else this.seen.set(elementType, { count: 1, first: value });
  }

  /** One remark per element type. */
  notes(): readonly string[] {
    return [...this.seen].map(([type, { count, first }]) => {
      const to = isIntegerElement(type) ? 'int32' : 'float32';
      const what = count === 1 ? `'${first}' is` : `${count} tensors (first '${first}') are`;
      const rounded = isCoarseElement(type) ? ' Model (.onnx) rounds scaled weights back to that type.' : '';
      return `${what} ${elementName(type)} in the file; the studio computes with ${to}.${rounded}`;
    });
  }
}
