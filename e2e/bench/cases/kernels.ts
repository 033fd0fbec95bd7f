import type { BackendName } from '../../../src/index';
import type { Bench } from '../bench';
import { type Bound, ms, type Row } from '../row';

/** How much faster than tfjs' own reductions the kernel must be. */
const BACKENDS: readonly (readonly [BackendName, string, Bound])[] = [
  ['webgpu', 'WebGPU', { faster: 100 }],
  ['wasm', 'WASM', { faster: 2 }],
  ['cpu', 'CPU', { faster: 1 }],
];

/** Shapes, and the axis of the channels. */
const SHAPES: readonly (readonly [readonly number[], number])[] = [
  [[4096, 1024], 1],
  [[1024, 4096], 1],
  [[65_536, 256], 1],
  [[64, 3, 224, 224], 1],
];

/** One channel, as the observer of a whole tensor has it; on WebGPU it is cut as the last of the others is. */
const WHOLE: (typeof SHAPES)[number] = [[64 * 3 * 224 * 224, 1], 1];
const shapesOn = (backend: BackendName) => (backend === 'webgpu' ? SHAPES : [...SHAPES, WHOLE]);

const HISTOGRAM: Readonly<Record<string, Bound>> = { webgpu: { faster: 20 } };
const NEVER_SLOWER: Bound = { faster: 1 };

async function channelRows(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [backend, where, bound] of BACKENDS)
    for (const [shape, axis] of shapesOn(backend)) {
      const task = `range of each channel of ${shape.join(' × ')}`;
      const times = await bench.page.call(
        (page, what: { backend: BackendName; shape: readonly number[]; axis: number }) =>
          page.channelStats(what.backend, what.shape, what.axis),
        { backend, shape, axis },
      );
      const row = { task, where, ours: ms(times.kernel) };
      rows.push({ ...row, rival: 'tf.min + tf.max', rivals: ms(times.reductions), bound });
      const limit = backend === 'webgpu' ? { atMost: 1.3 } : null;
      rows.push({ ...row, rival: 'reading every value', rivals: ms(times.reading), bound: limit });
    }
  return rows;
}

async function histogramRows(bench: Bench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [backend, where] of BACKENDS) {
    const times = await bench.page.call((page, name: BackendName) => page.histogram(name), backend);
    rows.push({
      task: 'histogram of 4 000 000 values in 2048 bins',
      where,
      ours: ms(times.kernel),
      rival: 'tf.bincount',
      rivals: ms(times.ops),
      bound: HISTOGRAM[backend] ?? NEVER_SLOWER,
    });
  }
  return rows;
}

/** The studio's kernels against tfjs' ops on the same backend, and against the least that a kernel can do. */
export const kernelRows = async (bench: Bench): Promise<readonly Row[]> => [
  ...(await channelRows(bench)),
  ...(await histogramRows(bench)),
];
