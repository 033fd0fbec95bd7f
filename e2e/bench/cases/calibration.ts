import type { Settings } from '../../../src/index';
import type { Bench } from '../bench';
import { MLP, writeMlp } from '../models/mlp';
import { observedOnnx } from '../models/observedOnnx';
import { ocrBytes, ocrInput, writeOcr } from '../models/ocr';
import type { RunTimes, StepsCase, TimedStep } from '../page/steps';
import { askOnnxRuntime } from '../peers/onnxRuntime';
import { askPytorch } from '../peers/pytorch';
import { type Bound, ms, type Row } from '../row';

/** Of some 300 ms each: fewer tell of the moment rather than of the work. */
const RUNS = 9;
const OCR_RUNS = 3;

const runSteps = (bench: Bench, what: StepsCase): Promise<RunTimes> =>
  bench.page.call((page, given: StepsCase) => page.steps('wasm', given), what);

/** Where the studio ran: the threads are part of what is compared. */
const whereOf = ({ threads }: RunTimes): string => `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

const MLP_STEPS = ['prepare', 'calibrate', 'equalize'] as const satisfies readonly TimedStep[];

/**
 * Prepare, calibrate and equalize, against PyTorch: step by step, and their sum, which has the bound. PyTorch proves nothing, so
 * the proof has a row of its own; the scaled weights, which the proof is the first to read, count with equalize.
 */
async function mlpRows(bench: Bench): Promise<readonly Row[]> {
  const files = writeMlp(bench.page.folder);
  const asked = await askPytorch(RUNS);
  const rows: Row[] = [];
  for (const semantics of ['pytorch', 'exact'] as const) {
    const times = await runSteps(bench, {
      model: `/${files.model}`,
      data: `/${files.data}`,
      settings: { semantics },
      steps: MLP_STEPS,
      runs: RUNS,
    });
    rows.push(...rowsOf(semantics, times, asked));
  }
  return rows;
}

function rowsOf(
  semantics: Settings['semantics'],
  times: RunTimes,
  asked: Awaited<ReturnType<typeof askPytorch>>,
): readonly Row[] {
  const model = `MLP of ${2 * MLP.pairs} Linear ${MLP.width} ↔ ${MLP.hidden}, ${MLP.rows} rows`;
  const title = semantics === 'exact' ? 'Exact' : 'PyTorch semantics';
  const torch = 'value' in asked ? asked.value : null;
  const row = (task: string, ours: number, theirs: number | null, bound: Bound | null): Row => ({
    task: `${model}: ${task} (${title})`,
    where: whereOf(times),
    ours: ms(ours),
    rival: torch ? `PyTorch ${torch.version}` : 'PyTorch',
    rivals: theirs === null ? null : ms(theirs),
    ...('missing' in asked && { missing: asked.missing }),
    bound,
  });
  const { prepare = Number.NaN, calibrate = Number.NaN, equalize = Number.NaN } = times.steps;
  const { proof, scaling, unproven, total } = times;
  const proofRow = row('the proof that the function stayed', proof, null, null);
  return [
    row('prepare', prepare, torch?.steps.prepare ?? null, null),
    row('calibrate', calibrate, torch?.steps.calibrate ?? null, null),
    row('equalize without the proof', equalize - proof + scaling, torch?.steps.equalize ?? null, null),
    row('all three without the proof', unproven + scaling, torch?.total ?? null, { atMost: 1 }),
    { ...proofRow, missing: 'has no proof' },
    row('all three with the proof', total, torch?.total ?? null, null),
  ];
}

async function ocrRow(bench: Bench): Promise<Row> {
  const input = ocrInput();
  const files = writeOcr(bench.page.folder);
  const asked = await askOnnxRuntime(await observedOnnx(ocrBytes()), input, OCR_RUNS);
  const times = await runSteps(bench, {
    model: `/${files.model}`,
    data: `/${files.data}`,
    settings: {},
    steps: ['prepare', 'calibrate'],
    runs: OCR_RUNS,
  });
  const known = 'value' in asked ? asked.value : null;
  return {
    task: `calibrate the OCR recognition model, images ${input.shape.join(' × ')}`,
    where: whereOf(times),
    ours: ms(times.steps.calibrate ?? Number.NaN),
    rival: known ? `onnxruntime-node ${known.version}, ${known.values} tensors` : 'onnxruntime-node',
    rivals: known ? ms(known.calibrate) : null,
    ...('missing' in asked && { missing: asked.missing }),
    bound: { atMost: 2 },
  };
}

/** Whole steps against the tools that a user would take instead. */
export const calibrationRows = async (bench: Bench): Promise<readonly Row[]> => [
  ...(await mlpRows(bench)),
  await ocrRow(bench),
];
