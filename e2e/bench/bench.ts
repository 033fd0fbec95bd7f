import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrationRows } from './cases/calibration';
import { kernelRows } from './cases/kernels';
import { memoryRows } from './cases/memory';
import { pageRows } from './cases/page';
import { type Growth, growthOf } from './cases/scaling';
import { buildBenchPage, openBenchPage } from './drivers/benchPage';
import { openStudioSite, type Site } from './drivers/studioSite';
import type { Row } from './row';

/** What a case may use. */
export interface Bench {
  readonly executablePath: string;
  readonly page: Awaited<ReturnType<typeof openBenchPage>>;
  /** The studio, served as built. */
  readonly site: Site;
  /** Where a served copy of Netron is; null where none was named. */
  readonly netron: string | null;
  /** For generated models. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

const GROUPS = {
  kernels: kernelRows,
  calibration: calibrationRows,
  page: pageRows,
  memory: memoryRows,
} as const;
export type GroupName = keyof typeof GROUPS;
/** The groups whose rows make up the one table. */
export const TABLE_GROUPS = Object.keys(GROUPS) as readonly GroupName[];

async function inBench<T>(
  executablePath: string,
  say: Bench['say'],
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  await buildBenchPage();
  const page = await openBenchPage(executablePath);
  const site = await openStudioSite();
  try {
    const netron = process.env.NETRON_URL ?? null;
    return await work({ executablePath, page, site, netron, folder, say });
  } finally {
    await Promise.all([page.close(), site.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All rows of the chosen groups, measured once. */
export const runBench = (
  executablePath: string,
  groups: readonly GroupName[],
  say: Bench['say'],
): Promise<readonly Row[]> =>
  inBench(executablePath, say, async (bench) => {
    const rows: Row[] = [];
    for (const name of groups) {
      say(`  ${name} …`);
      rows.push(...(await GROUPS[name](bench)));
    }
    return rows;
  });

/** How time and memory grow with rows, columns, layers and nodes. */
export const runScaling = (executablePath: string, say: Bench['say']): Promise<readonly Growth[]> =>
  inBench(executablePath, say, growthOf);
