import { type Batch, splitBatches } from '../../exec/batches';
import { ComparisonSum } from '../../exec/comparison';
import { GpuFailure, readValues } from '../../exec/device';
import { Executor } from '../../exec/executor';
import { breathe, type Job } from '../../exec/job';
import type { Dataset } from '../../formats/dataset';
import { GraphError } from '../../graph/errors';
import type { Model } from '../../graph/model';
import type { Shape } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';
import type { OnnxRuntime, RuntimeFile, RuntimeSession, RuntimeTensor } from './runtime';
import type { RuntimeRow } from './runtimeView';

/** Largest error of a float model, relative to its largest output, that is only another order of summing. */
export const FLOAT_LIMIT = 1e-4;
/** SQNR in dB from which a quantized model rounds as the studio does, but for single values at ties. */
export const QUANTIZED_LIMIT = 40;
/** Calibration samples that are run; a batch that the model fixes may have more. */
const SAMPLES = 32;
/** The name of the phase in progress messages. */
export const CHECK_PHASE = 'Check in ONNX Runtime';

/** A file to run and the model of the studio's that it must agree with. */
export interface Candidate {
  readonly name: RuntimeRow['name'];
  readonly model: Model;
  readonly optimize: boolean;
  /** Makes the file; an error in it is the row's. */
  readonly file: () => Promise<{ readonly bytes: Uint8Array; readonly files: readonly RuntimeFile[] }>;
}

/** Samples to run, in batches of the size that the file fixes for axis 0 of its inputs, else of all samples at once. */
export function checkBatches(model: Model, data: Dataset): readonly Batch[] {
  const fixed = Object.values<Shape>(model.inputShapes)
    .map((shape) => shape?.[0])
    .find((dim) => typeof dim === 'number');
  const size = typeof fixed === 'number' ? fixed : SAMPLES;
  if (data.samples < size && typeof fixed === 'number')
    throw new GraphError(
      `The model takes ${size} samples at once and the calibration data has ${data.samples}: too few to check it in ONNX Runtime.`,
    );
  const whole = splitBatches(data.arrays, null, data.samples, size).filter(
    (batch) => batch.samples === size || fixed === undefined,
  );
  return whole.slice(0, Math.max(1, Math.floor(SAMPLES / size)));
}

/**
 * Runs every file in ONNX Runtime on the batches, beside the studio's own model, and compares outputs. What one file
 * fails with is its row's error, with ONNX Runtime's words; the others run all the same. Throws the signal's reason when
 * cancelled.
 */
export async function checkInRuntime(
  runtime: OnnxRuntime,
  candidates: readonly Candidate[],
  batches: readonly Batch[],
  job: Job,
): Promise<readonly RuntimeRow[]> {
  const rows: RuntimeRow[] = [];
  const total = candidates.length * (batches.length + 1);
  for (const [i, candidate] of candidates.entries()) {
    const progress = (done: number) => job.progress(CHECK_PHASE, i * (batches.length + 1) + done, total);
    progress(0);
    rows.push(await checkOne(runtime, candidate, batches, job, progress));
  }
  job.progress(CHECK_PHASE, total, total);
  return rows;
}

async function checkOne(
  runtime: OnnxRuntime,
  candidate: Candidate,
  batches: readonly Batch[],
  job: Job,
  progress: (done: number) => void,
): Promise<RuntimeRow> {
  const { name, model, optimize } = candidate;
  const executor = new Executor(model);
  let session: RuntimeSession | null = null;
  try {
    await breathe(job);
    const { bytes, files } = await candidate.file();
    session = await runtime.open(bytes, files, optimize);
    const sum = new ComparisonSum();
    for (const [done, batch] of batches.entries()) {
      progress(done + 1);
      await breathe(job);
      await addOutputs(sum, executor, session, model, batch);
    }
    const { maxRelError, sqnr } = sum.result();
    return { name, maxRelError, sqnr, agrees: agreement(name, maxRelError, sqnr), error: null };
  } catch (error) {
    job.signal.throwIfAborted();
    if (error instanceof GpuFailure) throw error;
    return { name, maxRelError: null, sqnr: null, agrees: null, error: messageOf(error) };
  } finally {
    executor.dispose();
    if (!job.signal.aborted) await session?.close();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** With optimizations on, integer kernels round otherwise in places: that row informs and has no limit. */
function agreement(name: RuntimeRow['name'], maxRelError: number, sqnr: number | null): boolean | null {
  if (name === 'quantized-optimized') return null;
  return name === 'quantized' ? sqnr === null || sqnr >= QUANTIZED_LIMIT : maxRelError <= FLOAT_LIMIT;
}

async function addOutputs(
  sum: ComparisonSum,
  executor: Executor,
  session: RuntimeSession,
  model: Model,
  batch: Batch,
): Promise<void> {
  const actual = await session.run(feeds(model, session, batch));
  const outputs = executor.run(batch);
  try {
    if (outputs.length !== actual.length)
      throw new GraphError(`ONNX Runtime gave ${actual.length} outputs; the studio has ${outputs.length}.`);
    for (const [i, output] of outputs.entries()) {
      const theirs = actual[i];
      if (!theirs || theirs.shape.join() !== output.shape.join())
        throw new GraphError(
          `Output ${i + 1} has shape [${theirs?.shape.join(', ')}] in ONNX Runtime and [${output.shape.join(', ')}] in the studio.`,
        );
      sum.add(await readValues(output), Array.from<number | bigint, number>(theirs.data, Number), null);
    }
  } finally {
    for (const output of outputs) output.dispose();
  }
}

/** The batch's arrays in the order of the placeholders, in the types that the file states. */
function feeds(model: Model, session: RuntimeSession, { inputs }: Batch): readonly RuntimeTensor[] {
  const placeholders = model.graph.nodes.filter((node) => node.op === 'placeholder');
  if (placeholders.length !== session.inputs.length)
    throw new GraphError(
      `The file has ${session.inputs.length} inputs in ONNX Runtime; the studio's model has ${placeholders.length}.`,
    );
  return placeholders.map(({ name }, i) => {
    const tensor = inputs[name];
    if (!tensor) throw new GraphError(`The calibration data has no array for input '${name}'.`, name);
    return feed(tensor, session.inputs[i]?.type ?? 'float32');
  });
}

/** Fresh copies: what goes to another thread must not take the data along. */
function feed({ shape, data }: Tensor, type: string): RuntimeTensor {
  switch (type) {
    case 'float32':
      return { type, shape, data: Float32Array.from(data) };
    case 'float64':
      return { type, shape, data: Float64Array.from(data) };
    case 'int32':
      return { type, shape, data: Int32Array.from(data) };
    case 'int64':
      return { type, shape, data: BigInt64Array.from(data, (value) => BigInt(Math.trunc(value))) };
    case 'bool':
      return { type, shape, data: Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)) };
    default:
      throw new GraphError(`An input is ${type}; the check feeds float32, float64, int32, int64 and bool.`);
  }
}
