import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as Comlink from 'comlink';
import { createEngine } from './engine';
import { live } from './life';
import { transferViews } from './viewTransfer';

// Addresses must be absolute: the threaded binary's own workers resolve them from a blob URL.
const absolute = (url: string): string => new URL(url, self.location.href).href;

// The page waits for this lock: it gets it when this worker has ended, however that came about.
void live(self.name);

const unsent = transferViews();
/** Comlink tells the page of a message that could not be sent, such as a view that there is no memory for. */
const border: Comlink.Endpoint = {
  postMessage: (message: unknown, transfer: Transferable[] = []) => {
    try {
      self.postMessage(message, { transfer });
    } catch (error) {
      unsent();
      throw error;
    }
  },
  addEventListener: (type, listener, options) => self.addEventListener(type, listener, options),
  removeEventListener: (type, listener, options) => self.removeEventListener(type, listener, options),
};
Comlink.expose(
  createEngine({
    'tfjs-backend-wasm.wasm': absolute(plainWasm),
    'tfjs-backend-wasm-simd.wasm': absolute(simdWasm),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threadedWasm),
  }),
  border,
);
