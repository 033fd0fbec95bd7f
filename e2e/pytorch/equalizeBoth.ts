import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinedParts } from '../../src/formats/byteSource';
import { relativeError, runOnnxOn } from '../../src/formats/onnx/testRuntime';
import { openDataset } from '../../src/formats/openDataset';
import type { Tensor } from '../../src/graph/tensor';
import { bytesSource, DEFAULT_SETTINGS, type Job, openDevice, Studio } from '../../src/index';

/** What became of one layer. */
interface Layer {
  readonly name: string;
  readonly decision: string | null;
  readonly scale: readonly number[];
}

interface Way {
  readonly layers: readonly Layer[];
  readonly failed: boolean | undefined;
  /** int8 against float on the calibration data, dB. */
  readonly sqnr: { readonly plain: number; readonly equalized: number };
}

/** What the Python tests look at besides the files. */
interface Outcome {
  readonly fx: Way;
  readonly onnx: Way;
  /** The ONNX export against the original, both in ONNX Runtime, on the calibration data. */
  readonly exportError: number;
}

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));
const source = (path: string) => bytesSource(bytesOf(path), basename(path));
const wasmPaths = fileURLToPath(
  new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url),
);
const job: Job = { signal: new AbortController().signal, progress: () => {} };

interface Report {
  readonly layers: readonly {
    readonly name: string;
    readonly decision: string | null;
    readonly scale: readonly number[];
  }[];
  readonly sqnr: { readonly plain: number; readonly equalized: number };
}

/** Opens, calibrates, equalizes in exact semantics, converts and exports one file. */
async function oneWay(model: string, calibration: string, out: string): Promise<Way> {
  const { backend: name, adapter, label } = await openDevice({ force: 'wasm', wasmPaths });
  const studio = new Studio({ name, adapter, label });
  await studio.openModel([source(model)]);
  await studio.openCalibration([source(calibration)]);
  const { steps } = await studio.run('convert', DEFAULT_SETTINGS, job);
  const exported = await studio.exportFile(model.endsWith('.onnx') ? 'onnx' : 'safetensors', 'equalize');
  writeFileSync(out, await joinedParts(exported.parts));
  const text = await new Blob([...(await studio.exportFile('report', 'convert')).parts]).text();
  const { layers, sqnr }: Report = JSON.parse(text);
  return {
    layers: layers.map((layer) => ({ name: layer.name, decision: layer.decision, scale: layer.scale })),
    failed: steps.equalize?.failed,
    sqnr,
  };
}

/** The same network as an FX model file and as an ONNX file; what is exported goes to `folder`. */
export async function equalizeBoth(
  fx: string,
  onnx: string,
  calibration: string,
  folder: string,
): Promise<Outcome> {
  const exported = join(folder, 'equalized.onnx');
  const ways = {
    fx: await oneWay(fx, calibration, join(folder, 'equalized.safetensors')),
    onnx: await oneWay(onnx, calibration, exported),
  };
  const { arrays } = await openDataset([source(calibration)]);
  const inputs: readonly Tensor[] = Object.values(arrays);
  const before = await runOnnxOn(bytesOf(onnx), inputs);
  return { ...ways, exportError: relativeError(before, await runOnnxOn(bytesOf(exported), inputs)) };
}
