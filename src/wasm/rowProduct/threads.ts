import { type ChunkWork, chunksHelped, doInChunks, helpersReady, makeControl } from '../chunks';
import { threadCount } from '../threadCount';
import { type ProgramKind, rowProductModule } from './program';
import { CHUNK, type RowProductJob, rowProductWork } from './rowProductWork';
import type { ThreadStart } from './thread';

/** Products below so many multiplications are done before another thread is awake. */
const WORTH_SHARING = 2 ** 17;

const FASTEST_FIRST = ['fused', 'plain'] as const;

const isShared = (memory: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;

/** The fastest program that this machine takes; null where it has no SIMD. */
function bestModule(memory: WebAssembly.Memory, programs: readonly ProgramKind[]): WebAssembly.Module | null {
  const kind = isShared(memory) ? 'shared' : 'unshared';
  for (const program of programs) {
    const bytes = rowProductModule(kind, program);
    if (WebAssembly.validate(bytes)) return new WebAssembly.Module(bytes);
  }
  return null;
}

/** Whether this machine runs any of the programs. */
export const canMultiplyRows = (): boolean => WebAssembly.validate(rowProductModule('unshared', 'plain'));

export interface Helper {
  postMessage(start: ThreadStart): void;
  terminate(): unknown;
}

const startWorker = (): Helper => new Worker(new URL('./thread.ts', import.meta.url), { type: 'module' });

/**
 * Computes products in a WebAssembly memory: in one thread, or where the memory is shared in as many as there are cores.
 * Helpers start with the first large product and help as soon as they are there.
 */
export class RowProducts {
  private readonly module: WebAssembly.Module;
  private readonly work: ChunkWork;
  private readonly helpers: Helper[] = [];
  private control: Int32Array<SharedArrayBuffer> | null = null;

  /** `programs`: to choose the first that the machine takes. */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly threads = threadCount(),
    private readonly startHelper = startWorker,
    private readonly programs: readonly ProgramKind[] = FASTEST_FIRST,
  ) {
    const module = bestModule(memory, this.programs);
    if (!module) throw new Error('internal: WebAssembly has no SIMD here; ask canMultiplyRows first.');
    this.module = module;
    this.work = rowProductWork(module, memory);
  }

  run(job: RowProductJob): void {
    const [, , , , m, k, outputs] = job;
    const chunks = Math.ceil(outputs / CHUNK);
    if (isShared(this.memory) && chunks > 1 && m * k * outputs >= WORTH_SHARING) {
      this.control ??= this.startHelpers();
      doInChunks(this.control, job, chunks, this.work);
      return;
    }
    const numbers = Int32Array.from(job);
    for (let chunk = 0; chunk < chunks; chunk++) this.work(numbers, chunk);
  }

  private startHelpers(): Int32Array<SharedArrayBuffer> {
    const control = makeControl();
    for (let i = 1; i < this.threads; i++) {
      const helper = this.startHelper();
      helper.postMessage({ module: this.module, memory: this.memory, control });
      this.helpers.push(helper);
    }
    return control;
  }

  /** Helpers that have come up. */
  get helping(): number {
    return this.control ? helpersReady(this.control) : 0;
  }

  /** Chunks that helpers have taken. */
  get helped(): number {
    return this.control ? chunksHelped(this.control) : 0;
  }

  dispose(): void {
    for (const helper of this.helpers.splice(0)) helper.terminate();
    this.control = null;
  }
}
