import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bytesSource,
  DEFAULT_SETTINGS,
  type Job,
  joinedParts,
  openDevice,
  type Settings,
  Studio,
} from '../../src/index';

/** What the Python tests look at besides the file. */
export interface Outcome {
  /** By layer: `fold`, `mul` or `skip`. */
  readonly decisions: Readonly<Record<string, string | null>>;
  /** The studio's own check of the float function. */
  readonly failed: boolean | undefined;
}

const source = (path: string) => bytesSource(new Uint8Array(readFileSync(path)), basename(path));
const wasmPaths = fileURLToPath(
  new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url),
);
const job: Job = { signal: new AbortController().signal, progress: () => {} };

/**
 * What a user does on the page: opens a model and calibration data, equalizes, exports the weights to `out`. Throws
 * what the page would show.
 */
export async function equalizeFile(
  semantics: Settings['semantics'],
  model: string,
  calibration: string,
  out: string,
): Promise<Outcome> {
  const { backend: name, adapter, label } = await openDevice({ force: 'wasm', wasmPaths });
  const studio = new Studio({ name, adapter, label });
  await studio.openModel([source(model)]);
  await studio.openCalibration([source(calibration)]);
  const { layers, steps } = await studio.run('equalize', { ...DEFAULT_SETTINGS, semantics }, job);
  writeFileSync(out, await joinedParts((await studio.exportFile('safetensors', 'equalize')).parts));
  return {
    decisions: Object.fromEntries(layers.map((layer) => [layer.name, layer.decision])),
    failed: steps.equalize?.failed,
  };
}
