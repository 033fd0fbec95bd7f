import { helpWithChunks } from '../chunks';
import { rowProductWork } from './rowProductWork';

/** What a helper of the product starts with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array<SharedArrayBuffer>;
}

self.addEventListener('message', ({ data }: MessageEvent<ThreadStart>) => {
  helpWithChunks(data.control, rowProductWork(data.module, data.memory));
});
