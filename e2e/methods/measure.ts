import { compareModels } from '../../src/exec/compare';
import { ComparisonSum } from '../../src/exec/comparison';
import { equalizeModel } from '../../src/pipeline/equalizeModel';
import type { Golden } from '../../src/pipeline/goldens/testGolden';
import { compareMethods } from '../../src/pipeline/methods/methodComparison';
import type { MethodName, MethodRow } from '../../src/pipeline/methods/methodRow';
import { DEFAULT_SETTINGS, type Settings } from '../../src/pipeline/settings';
import { calibrateStep, loadStep, prepareStep } from '../../src/pipeline/steps';
import { quietJob } from '../../src/pipeline/testRun';
import { convertReference } from '../../src/quant/convert/convertReference';
import type { Subject } from './models';

/** SQNR in dB, without and with equalization. */
export interface Pair {
  readonly plain: number | null;
  readonly equalized: number | null;
}

export interface Measured {
  readonly subject: Subject;
  readonly rows: Readonly<Partial<Record<MethodName, MethodRow>>>;
  /** The method `auto`, on data that it has not seen. */
  readonly unseen: Pair | null;
  /** PyTorch's own outputs, as they stand in the golden: its qconfig, its choice of layers, its test data. */
  readonly pytorch: Pair | null;
}

/** Every method on one model, with the default qconfig and all layers to be equalized. */
export async function measure(subject: Subject): Promise<Measured> {
  const { model, calibration, unseen, evaluation, golden } = subject;
  const load = { ...loadStep(model, []), ms: 0 };
  const prepare = { ...prepareStep(load, DEFAULT_SETTINGS), ms: 0 };
  const calibrate = { ...(await calibrateStep(prepare, DEFAULT_SETTINGS, calibration, quietJob)), ms: 0 };
  const calibrated = { load, prepare, calibrate };
  const rows = await compareMethods(calibrated, DEFAULT_SETTINGS, { calibration, evaluation }, quietJob);
  const auto: Settings = { ...DEFAULT_SETTINGS, method: 'auto' };
  const { result } = await equalizeModel(calibrated, auto, calibration, quietJob);
  const sqnrOf = async (quantized: typeof result.model) =>
    unseen === null
      ? null
      : (await compareModels(model, convertReference(quantized).model, unseen, [], quietJob)).outputs.sqnr;
  return {
    subject,
    rows: Object.fromEntries(rows.map((row) => [row.name, row])),
    unseen: unseen && { plain: await sqnrOf(calibrate.model), equalized: await sqnrOf(result.model) },
    pytorch: golden && ownFigures(golden),
  };
}

function ownFigures({ outputs: { float, int8Plain, int8Equalized } }: Golden): Pair {
  const sqnr = (int8: typeof int8Plain) => {
    if (int8 === undefined) return null;
    const sum = new ComparisonSum();
    for (const [i, { data }] of float.entries()) sum.add(data, int8[i]?.data ?? [], null);
    return sum.result().sqnr;
  };
  return { plain: sqnr(int8Plain), equalized: sqnr(int8Equalized) };
}
