import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bytesSource,
  DEFAULT_SETTINGS,
  type ExportKind,
  type Job,
  joinedParts,
  openDevice,
  type StepName,
  Studio,
} from '../../src/index';

const source = (path: string) => bytesSource(new Uint8Array(readFileSync(path)), basename(path));
const wasmPaths = fileURLToPath(
  new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url),
);
const job: Job = { signal: new AbortController().signal, progress: () => {} };

/** Runs a model up to a step and saves one of its exports to `out`; gives the decision for each layer. */
export async function exportFile(
  kind: ExportKind,
  step: StepName,
  model: string,
  calibration: string,
  out: string,
): Promise<Readonly<Record<string, string | null>>> {
  const { backend: name, adapter, label } = await openDevice({ force: 'wasm', wasmPaths });
  const studio = new Studio({ name, adapter, label });
  await studio.openModel([source(model)]);
  await studio.openCalibration([source(calibration)]);
  const { layers } = await studio.run(step, DEFAULT_SETTINGS, job);
  writeFileSync(out, await joinedParts((await studio.exportFile(kind, step)).parts));
  return Object.fromEntries(layers.map((layer) => [layer.name, layer.decision]));
}
