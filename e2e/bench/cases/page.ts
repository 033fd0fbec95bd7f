import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigModel } from '../../files/bigModel';
import type { Bench } from '../bench';
import { measureFirstVisit } from '../drivers/firstVisit';
import { measureFirstGraph, measureFrames } from '../drivers/graphViewers';
import { NETRON, STUDIO } from '../drivers/watchDrawing';
import { HUNDRED_MB, writeWholeModel } from '../models/largeModel';
import { ocrFile } from '../models/ocr';
import { median } from '../page/medianTime';
import { bytes, ms, type Row } from '../row';

const RUNS = 3;
const NO_NETRON = 'NETRON_URL names no served copy of Netron';
/** The most that a first visit may transfer, in bytes. */
const FIRST_VISIT_BYTES = 600_000;

function modelFiles(folder: string) {
  const big = join(folder, 'chain5000.onnx');
  writeFileSync(big, bigModel({ nodes: 5000, flow: 'chain', named: false }));
  return { ocr: ocrFile(), big, large: writeWholeModel(folder, HUNDRED_MB) };
}

/** Medians of works that take turns, so that a machine that gets slower or faster does so for all of them. */
async function repeated(works: readonly (() => Promise<number>)[]): Promise<readonly number[]> {
  const times = works.map((): number[] => []);
  for (let run = 0; run < RUNS; run++)
    for (const [at, work] of works.entries()) times[at]?.push(await work());
  return times.map(median);
}

const withNetron = (bench: Bench, rivals: number | null) =>
  bench.netron === null
    ? { rival: 'Netron', rivals: null, missing: NO_NETRON }
    : { rival: 'Netron', rivals: rivals === null ? null : ms(rivals) };

/** Until the graph is drawn, which has the bound, and until its nodes can be clicked. */
async function firstGraphRows(bench: Bench, name: string, file: string): Promise<readonly Row[]> {
  const { executablePath, site, netron } = bench;
  const ours = (awaited: 'drawn' | 'answers') => () =>
    measureFirstGraph(executablePath, STUDIO, site.url, file, awaited);
  const theirs =
    netron === null ? [] : [() => measureFirstGraph(executablePath, NETRON, netron, file, 'drawn')];
  const [drawn = Number.NaN, answers = Number.NaN, rival = null] = await repeated([
    ours('drawn'),
    ours('answers'),
    ...theirs,
  ]);
  const row = (task: string, measured: number, bound: Row['bound']): Row => ({
    task: `${task}: ${name}`,
    where: 'page',
    ours: ms(measured),
    ...withNetron(bench, rival),
    bound,
  });
  return [
    row('file to first drawn graph', drawn, { atMost: 0.7 }),
    row('file to nodes that can be clicked', answers, null),
  ];
}

async function framesRow(bench: Bench, file: string): Promise<Row> {
  const { executablePath, site, netron } = bench;
  const theirs = netron === null ? [] : [() => measureFrames(executablePath, NETRON, netron, file)];
  const [ours = Number.NaN, rival = null] = await repeated([
    () => measureFrames(executablePath, STUDIO, site.url, file),
    ...theirs,
  ]);
  return {
    task: 'pan and zoom over 5,000 nodes, 95th percentile of frame times',
    where: 'page',
    ours: ms(ours),
    ...withNetron(bench, rival),
    bound: { atMost: 0.5 },
  };
}

async function firstVisitRow({ executablePath, site }: Bench): Promise<Row> {
  return {
    task: 'first visit, transferred until the page is at rest, no model open',
    where: 'page',
    ours: bytes(await measureFirstVisit(executablePath, site)),
    rival: '600 kB',
    rivals: bytes(FIRST_VISIT_BYTES),
    bound: { atMost: 1 },
  };
}

/** The page beside Netron's, in the same browser. */
export async function pageRows(bench: Bench): Promise<readonly Row[]> {
  const { ocr, big, large } = modelFiles(bench.folder);
  return [
    ...(await firstGraphRows(bench, 'OCR recognition model, 442 nodes', ocr)),
    ...(await firstGraphRows(bench, 'a chain of 5,000 nodes', big)),
    ...(await firstGraphRows(bench, 'a model of 100 MB', large)),
    await framesRow(bench, big),
    await firstVisitRow(bench),
  ];
}
