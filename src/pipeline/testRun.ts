import type { Batch } from '../exec/batches';
import type { Job } from '../exec/job';
import { nodeName } from '../graph/ids';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import { convertReference } from '../quant/convert/convertReference';
import { convertStep } from './convertStep';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { calibrateStep, equalizeStep, loadStep, prepareStep } from './steps';

/* Runs the pipeline on a model made by hand. For tests only. */

export const quietJob: Job = { signal: new AbortController().signal, progress: () => {} };

/** The choice of every layer but these. */
export const allBut = (names: readonly string[]): Settings['equalization'] => ({
  global: true,
  byName: Object.fromEntries(names.map((name) => [name, false])),
  byType: {},
});

/** One batch of standard normal values whose columns have very different ranges; deterministic. */
export function testBatch(samples: number, shape: readonly number[], input = 'x', seed = 1): Batch {
  const random = normal(seed);
  const columns = shape[shape.length - 1] ?? 1;
  const size = shape.reduce((a, b) => a * b, samples);
  const spread = Array.from({ length: columns }, (_, c) => 10 ** (((c * 7) % columns) / columns) - 0.5);
  const data = Float32Array.from({ length: size }, (_, i) => random() * (spread[i % columns] ?? 1));
  const inputs = { [nodeName(input)]: { dtype: 'float32' as const, shape: [samples, ...shape], data } };
  return { inputs, samples, labels: null };
}

/** Standard normal numbers from a small generator (mulberry32, Box–Muller). */
export function normal(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The shapes of the inputs, as the studio takes them from the data. */
const shapesOf = ({ inputs }: Batch): Model['inputShapes'] =>
  Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, ['n', ...shape.slice(1)]]));

/** The steps from load to equalize. */
export async function runEqualization(
  float: Model,
  batches: readonly Batch[],
  settings: Partial<Settings> = {},
) {
  lint(float);
  const [first] = batches;
  const model = { ...float, inputShapes: { ...(first && shapesOf(first)), ...float.inputShapes } };
  const chosen: Settings = { ...DEFAULT_SETTINGS, ...settings };
  const load = { ...loadStep(model, []), ms: 0 };
  const prepare = { ...prepareStep(load, chosen), ms: 0 };
  const calibrate = { ...(await calibrateStep(prepare, chosen, batches, quietJob)), ms: 0 };
  const equalize = { ...(await equalizeStep(load, prepare, calibrate, chosen, batches, quietJob)), ms: 0 };
  return { chosen, load, prepare, calibrate, equalize };
}

/** Every step, from load to convert. */
export async function runPipeline(float: Model, batches: readonly Batch[], settings: Partial<Settings> = {}) {
  const { chosen, load, prepare, calibrate, equalize } = await runEqualization(float, batches, settings);
  const data = { calibration: batches, evaluation: null };
  const converted = { ...(await convertStep(load, calibrate, equalize, chosen, data, quietJob)), ms: 0 };
  return {
    load,
    prepare,
    calibrate,
    equalize,
    convert: converted,
    plain: convertReference(calibrate.model).model,
  };
}
