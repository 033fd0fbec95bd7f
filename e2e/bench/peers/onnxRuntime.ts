import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { ObservedOnnx } from '../models/observedOnnx';
import { median } from '../page/medianTime';
import type { Asked } from './missing';

/** What is used of onnxruntime-node, whose types are those of onnxruntime-web. */
interface OrtNode {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
  readonly env: { readonly versions: { readonly node?: string } };
}

export interface RuntimeTimes {
  readonly version: string;
  /** Median in ms of a calibration run. */
  readonly calibrate: number;
  readonly values: number;
}

const PACKAGE = 'onnxruntime-node';
const HOW = `npm install --no-save --ignore-scripts ${PACKAGE}`;

/** Heavy (300 MB) and wanted by nobody else, so not among the project's dependencies. */
async function load(): Promise<OrtNode | null> {
  try {
    return (await import(/* @vite-ignore */ PACKAGE)) as OrtNode;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (isMissing) return null;
    throw error;
  }
}

/** What calibration keeps of a tensor, in the plainest way. */
function minMax(data: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

async function calibrate(
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  values: readonly string[],
) {
  const results = await session.run(feeds);
  const ranges: (readonly [number, number])[] = [];
  for (const name of values) {
    const data = results[name]?.data ?? feeds[name]?.data;
    if (data instanceof Float32Array) ranges.push(minMax(data));
  }
  return ranges;
}

/** Time of ONNX Runtime to calibrate a model by hand: all observed tensors come out, and are looked at once. */
export async function askOnnxRuntime(
  { bytes, values }: ObservedOnnx,
  input: { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array },
  runs: number,
): Promise<Asked<RuntimeTimes>> {
  const ort = await load();
  if (!ort) return { missing: `${PACKAGE} is not installed (${HOW})` };
  const session = await ort.InferenceSession.create(bytes);
  const feeds = { [input.name]: new ort.Tensor('float32', input.data, [...input.shape]) };
  const wanted = values.filter((name) => session.outputNames.includes(name) || name === input.name);
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    await calibrate(session, feeds, wanted);
    if (run > 0) times.push(performance.now() - start);
  }
  return {
    value: { version: ort.env.versions.node ?? '?', calibrate: median(times), values: wanted.length },
  };
}
