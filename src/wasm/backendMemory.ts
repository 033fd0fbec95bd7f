import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** tfjs' own memory; its types do not tell of it. A build with threads makes it, the others export it. */
export function memoryOf({ wasm }: BackendWasm): WebAssembly.Memory {
  const module = wasm as { wasmMemory?: unknown; asm?: { memory?: unknown } };
  const memory = module.wasmMemory ?? module.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory))
    throw new Error('internal: the WASM backend shows no memory: see src/wasm/backendMemory.ts.');
  return memory;
}
