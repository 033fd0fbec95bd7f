import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigModel } from '../../files/bigModel';
import type { Bench } from '../bench';
import { type Blocks, writeBlocks } from '../models/blocks';
import type { OpenTimes } from '../page/opening';
import type { RunTimes, StepsCase, TimedStep } from '../page/steps';
import { slopeOf } from './slope';

export interface Measured {
  readonly size: number;
  readonly ms: Readonly<Record<string, number>>;
  /** Peak memory of the page, in bytes; null where it cannot be measured. */
  readonly peak: number | null;
}

/** How what a thing takes grows with its size: slope 1 in a plot of logarithms is linear growth. */
export interface Growth {
  readonly of: string;
  readonly measured: readonly Measured[];
  readonly slopes: Readonly<Record<string, number>>;
}

const STEPS: readonly TimedStep[] = ['prepare', 'calibrate', 'equalize', 'convert'];
const BASE: Blocks = { rows: 512, columns: 512, layers: 8 };
const SIZES: Readonly<Record<keyof Blocks, readonly number[]>> = {
  rows: [2048, 4096, 8192, 16_384],
  columns: [1024, 2048, 4096, 8192],
  layers: [16, 32, 64, 128],
};
const NODES = [500, 1000, 2000, 4000];

async function measureSteps(bench: Bench, blocks: Blocks): Promise<Omit<Measured, 'size'>> {
  const files = writeBlocks(bench.page.folder, blocks);
  const { value, peak } = await bench.page.callWatched<RunTimes, StepsCase>(
    (page, what) => page.steps('wasm', what),
    { ...files, settings: {}, steps: STEPS, runs: 2 },
  );
  return { ms: value.steps, peak };
}

async function measureNodes(bench: Bench, nodes: number): Promise<Omit<Measured, 'size'>> {
  const name = `nodes-${nodes}.onnx`;
  const model = bigModel({ nodes, flow: 'residual', named: true });
  writeFileSync(join(bench.page.folder, name), model);
  const { value, peak } = await bench.page.callWatched<OpenTimes, string>(
    (page, path) => page.opening(path),
    `/${name}`,
  );
  return { ms: { ...value }, peak };
}

function withSlopes(of: string, measured: readonly Measured[]): Growth {
  const keys = Object.keys(measured[0]?.ms ?? {});
  const times = keys.map((key) => [key, slopeOf(measured.map(({ size, ms }) => [size, ms[key] ?? 0]))]);
  const peaks = measured.flatMap(({ size, peak }) => (peak === null ? [] : [[size, peak] as const]));
  return { of, measured, slopes: Object.fromEntries([...times, ['memory', slopeOf(peaks)]]) };
}

/** Rows, columns and layers one at a time, and nodes of the graph. */
export async function growthOf(bench: Bench): Promise<readonly Growth[]> {
  const all: Growth[] = [];
  for (const of of ['rows', 'columns', 'layers'] as const) {
    const measured: Measured[] = [];
    for (const size of SIZES[of]) {
      bench.say(`${size} ${of} …`);
      measured.push({ size, ...(await measureSteps(bench, { ...BASE, [of]: size })) });
    }
    all.push(withSlopes(of, measured));
  }
  const measured: Measured[] = [];
  for (const size of NODES) {
    bench.say(`${size} nodes …`);
    measured.push({ size, ...(await measureNodes(bench, size)) });
  }
  return [...all, withSlopes('nodes', measured)];
}
