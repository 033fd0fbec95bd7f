import { FormatError } from '../errors';
import { PickleCursor, PickleEnd } from './cursor';
import { PickleMachine } from './machine';
import { STEPS } from './opcodes';
import type { PickleValue, PickleWorld } from './value';

const STOP = '.'.charCodeAt(0);

export interface ReadPickle {
  readonly value: PickleValue;
  /** Where the pickle ends; another may follow. */
  readonly end: number;
}

/**
 * Reads one pickle of protocol 2 to 5 from `start` on, as plain values: nothing is imported, constructed or run. What a
 * name or a persistent id stands for is the world's to say. Throws a FormatError that names the position.
 */
export function readPickle(bytes: Uint8Array, file: string, what: string, world: PickleWorld): PickleValue {
  const read = readPickleAt(bytes, 0, file, what, world);
  if (read) return read.value;
  throw new FormatError(
    file,
    `${what} breaks off at byte ${bytes.length}. The file is cut short; get it again.`,
  );
}

/** As `readPickle`, from a position on, where the bytes may be a part of the file: null when the pickle goes on behind them. */
export function readPickleAt(
  bytes: Uint8Array,
  start: number,
  file: string,
  what: string,
  world: PickleWorld,
): ReadPickle | null {
  const cursor = new PickleCursor(bytes, start);
  let at = start;
  const fail = (problem: string): never => {
    throw new FormatError(file, `${what} ${problem} (byte ${at}). The file is damaged or of another kind.`);
  };
  const machine = new PickleMachine(cursor, world, fail);
  try {
    for (;;) {
      at = cursor.position;
      const code = cursor.byte();
      if (code === STOP) return { value: machine.result(), end: cursor.position };
      const step =
        STEPS.get(code) ?? fail(`has opcode 0x${code.toString(16).padStart(2, '0')}, which is not read`);
      step(machine);
    }
  } catch (error) {
    if (error instanceof PickleEnd) return null;
    throw error;
  }
}
