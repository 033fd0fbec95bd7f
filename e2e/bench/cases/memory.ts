import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench';
import { type LargePart, measureLargeModel } from '../drivers/largeModel';
import { canMeasureMemory } from '../drivers/processMemory';
import { HALF_GIGABYTE, HUNDRED_MB, type LargeModelSizes, writeLargeModel } from '../models/largeModel';
import { bytes, type Row } from '../row';

/** Peak memory of the page over the size of the model. */
const BOUND = { atMost: 1.5 };

async function rowsOf(
  bench: Bench,
  sizes: LargeModelSizes,
  parts: readonly LargePart[],
): Promise<readonly Row[]> {
  const folder = join(bench.folder, `memory-${sizes.blocks}`);
  mkdirSync(folder, { recursive: true });
  const files = writeLargeModel(folder, sizes);
  const measured = await measureLargeModel(bench.executablePath, bench.site.url, files, parts);
  return measured.map(({ part, ms, bytes: peak }) => ({
    task: `peak memory: ${part}, ONNX of ${Math.round(files.bytes / 1e6)} MB with external data (${(ms / 1000).toFixed(1)} s)`,
    where: 'WASM',
    ours: bytes(peak),
    rival: 'the file',
    rivals: bytes(files.bytes),
    bound: BOUND,
  }));
}

/** What a large model takes of the machine's memory, from opening to export. */
export async function memoryRows(bench: Bench): Promise<readonly Row[]> {
  if (!canMeasureMemory()) {
    const missing = 'memory of a process is measured on Linux only';
    return [
      {
        task: 'peak memory',
        where: 'WASM',
        ours: bytes(0),
        rival: 'the file',
        rivals: null,
        missing,
        bound: BOUND,
      },
    ];
  }
  return [
    ...(await rowsOf(bench, HUNDRED_MB, ['open'])),
    ...(await rowsOf(bench, HALF_GIGABYTE, ['open', 'calibrate', 'equalize', 'export'])),
  ];
}
