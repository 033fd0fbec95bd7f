import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as Comlink from 'comlink';
import { type BackendName, type Device, openDevice } from '../../../src/exec/device';
import { benchChannelStats, type ChannelStatsTimes } from './channelStats';
import { benchHistogram, type HistogramTimes } from './histogram';
import { type OpenTimes, timeOpening } from './opening';
import { type RunTimes, runSteps, type StepsCase } from './steps';

// Addresses must be absolute: the threaded binary's own workers resolve them from a blob URL.
const absolute = (url: string): string => new URL(url, self.location.href).href;

const wasmPaths = {
  'tfjs-backend-wasm.wasm': absolute(plain),
  'tfjs-backend-wasm-simd.wasm': absolute(simd),
  'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
};

const open = (force: BackendName): Promise<Device> => openDevice({ force, wasmPaths });

/** Each measurement on a backend; a worker measures one after the other. */
export interface BenchWorker {
  channelStats(backend: BackendName, shape: readonly number[], axis: number): Promise<ChannelStatsTimes>;
  histogram(backend: BackendName): Promise<HistogramTimes>;
  steps(backend: BackendName, what: StepsCase): Promise<RunTimes>;
  opening(path: string): Promise<OpenTimes>;
}

const worker: BenchWorker = {
  channelStats: async (backend, shape, axis) => {
    await open(backend);
    return benchChannelStats(shape, axis);
  },
  histogram: async (backend) => {
    await open(backend);
    return benchHistogram();
  },
  steps: async (backend, what) => runSteps(await open(backend), what),
  opening: timeOpening,
};

Comlink.expose(worker);
