/**
 * Writes a pickle of protocol 2 (Lib/pickletools.py), opcode by opcode: the few that a state dict needs, all of them
 * known to PyTorch's reader of weights alone (torch/_weights_only_unpickler.py). Nothing is put into the memo.
 */
export class PickleWriter {
  private readonly chunks: Uint8Array[] = [Uint8Array.of(0x80, 2)];

  private op(opcode: string, ...bytes: readonly number[]): this {
    this.chunks.push(Uint8Array.of(opcode.charCodeAt(0), ...bytes));
    return this;
  }

  private text(text: string): this {
    this.chunks.push(new TextEncoder().encode(text));
    return this;
  }

  /** A class or function: `torch FloatStorage`. */
  global(module: string, name: string): this {
    return this.op('c').text(`${module}\n${name}\n`);
  }

  string(value: string): this {
    const bytes = new TextEncoder().encode(value);
    this.op('X', ...littleEndian(bytes.length, 4));
    this.chunks.push(bytes);
    return this;
  }

  /** A whole number from 0 to 2⁵³. */
  integer(value: number): this {
    if (value < 2 ** 8) return this.op('K', value);
    if (value < 2 ** 16) return this.op('M', ...littleEndian(value, 2));
    if (value < 2 ** 31) return this.op('J', ...littleEndian(value, 4));
    return this.op('\x8a', 8, ...littleEndian(value, 8));
  }

  false(): this {
    return this.op('\x89');
  }

  /** A tuple of what `items` writes. */
  tuple(items: () => void): this {
    this.op('(');
    items();
    return this.op('t');
  }

  emptyTuple(): this {
    return this.op(')');
  }

  /** Calls the function below the tuple on top. */
  reduce(): this {
    return this.op('R');
  }

  /** Asks the reader for what the tuple on top names: a storage beside the pickle. */
  persistent(): this {
    return this.op('Q');
  }

  /** Puts keys and values, as `items` writes them by turns, into the dict on top. */
  entries(items: () => void): this {
    this.op('(');
    items();
    return this.op('u');
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.op('.');
    const bytes = new Uint8Array(this.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let position = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, position);
      position += chunk.length;
    }
    return bytes;
  }
}

const littleEndian = (value: number, bytes: number): readonly number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
