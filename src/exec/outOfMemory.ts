import { DeviceError } from '../webgpu/errors';

/*
 * How engines say that no memory is left: V8 and SpiderMonkey throw RangeErrors for arrays, WebAssembly.Memory's
 * `grow` too; Emscripten aborts; tfjs' WebGPU backend reports lost buffers in a message.
 */
const SIGNS =
  /array buffer allocation failed|invalid (typed )?array length|out of memory|\bOOM\b|could not allocate|memory\.grow|cannot enlarge memory/i;

/** Whether an error says that the tab, or its WebAssembly heap, has no memory left. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof Error && SIGNS.test(error.message);

export const OUT_OF_MEMORY =
  'This tab has no memory left for this. Close other tabs, use less calibration data or smaller samples, or reload the page and go on from there; what is open stays as it was.';

/** Memory that ran out under a model's run. */
export class OutOfMemoryError extends DeviceError {
  override readonly name = 'OutOfMemoryError';
  /** `where`: the node, with its op and the engine's words. */
  constructor(readonly where: string) {
    super(`${OUT_OF_MEMORY} It ran out at ${where}.`);
  }
}

/** That memory ran out, in one line without the way out, for work that goes on; null for any other error. */
export function memoryReason(error: unknown): string | null {
  if (error instanceof OutOfMemoryError) return `No memory was left at ${error.where}`;
  return error instanceof Error && isOutOfMemory(error) ? `No memory was left (${error.message})` : null;
}

/** Whether tfjs' WebGPU backend refuses to start more threads than the GPU has room for. */
export const isPastLimits = (message: string): boolean => /exceeds WebGPU (limits|maximum)/.test(message);
