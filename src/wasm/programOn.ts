import type { MemoryKind } from './assembler';

/** Makes a module's program once on each memory that it is asked for; null where the machine has no SIMD. */
export function programOn<Program>(
  name: string,
  bytesFor: (memory: MemoryKind) => Uint8Array<ArrayBuffer>,
): (memory: WebAssembly.Memory) => Program | null {
  const programs = new WeakMap<WebAssembly.Memory, Program | null>();
  return (memory) => {
    const known = programs.get(memory);
    if (known !== undefined) return known;
    const isShared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
    const bytes = bytesFor(isShared ? 'shared' : 'unshared');
    const made = WebAssembly.validate(bytes)
      ? // The module's own bytes say what it exports.
        (new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports[
          name
        ] as Program)
      : null;
    programs.set(memory, made);
    return made;
  };
}
