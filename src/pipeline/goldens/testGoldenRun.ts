import type { Batch } from '../../exec/batches';
import { Executor } from '../../exec/executor';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { Tensor } from '../../graph/tensor';
import { convertReference } from '../../quant/convert/convertReference';
import { floatModel } from '../../quant/floatModel';
import { lower } from '../../quant/lower/lower';
import { movingAverage } from '../../quant/observers/movingAverageMinMax';
import { QCONFIG_PRESETS } from '../../quant/qconfig';
import type { QConfigMapping } from '../../quant/qconfigMapping';
import { quantizationSpec } from '../../quant/spec';
import { qconfigMapping } from '../qconfigs';
import { DEFAULT_SETTINGS, type Settings } from '../settings';
import { calibrateStep, equalizeStep, loadStep, prepareStep } from '../steps';
import { quietJob } from '../testRun';
import { type Golden, type GoldenStep, readGolden, readGoldenModel } from './testGolden';

/* The `pytorch` semantics on one golden, step by step. For tests only. */

/** The golden's settings; a qconfig that the page does not offer stands for the default one there. */
const settingsOf = ({ qconfig, qconfigs, equalization }: Golden): Settings => ({
  ...DEFAULT_SETTINGS,
  semantics: 'pytorch',
  qconfig: qconfig === 'moving-average' ? 'default' : qconfig,
  qconfigs,
  equalization,
});

/** `QConfig(MovingAverageMinMaxObserver.with_args(dtype=quint8, reduce_range=True), default_weight_observer)`. */
const MOVING_AVERAGE = {
  name: 'moving-average',
  activation: movingAverage(
    quantizationSpec({ dtype: 'torch.quint8', qscheme: 'torch.per_tensor_affine', reduceRange: true }),
  ),
  weight: QCONFIG_PRESETS.default.weight,
};

function mappingOf(golden: Golden): QConfigMapping {
  const mapping = qconfigMapping(settingsOf(golden));
  return golden.qconfig === 'moving-average' ? { ...mapping, global: MOVING_AVERAGE } : mapping;
}

const batchOf = (inputs: Readonly<Record<string, Tensor>>): Batch => ({
  inputs: Object.fromEntries(Object.entries(inputs).map(([name, x]) => [nodeName(name), x])),
  samples: Object.values(inputs)[0]?.shape[0] ?? 0,
  labels: null,
});

/** Each step once, when first asked for; a step that fails fails for all that ask. */
export class GoldenRun {
  readonly settings: Settings;
  readonly batches: readonly Batch[];
  readonly test: Batch;

  private constructor(
    readonly golden: Golden,
    readonly float: Model,
  ) {
    this.settings = settingsOf(golden);
    this.batches = golden.calibration.map(batchOf);
    this.test = batchOf(golden.test);
  }

  static async open(name: string): Promise<GoldenRun> {
    return new GoldenRun(readGolden(name), await readGoldenModel(name));
  }

  prepare = this.once(async () => {
    const load = { ...loadStep(this.float, []), ms: 0 };
    return { ...prepareStep(load, this.settings, mappingOf(this.golden)), ms: 0 };
  });
  calibrate = this.once(async () => {
    const step = await calibrateStep(await this.prepare(), this.settings, this.batches, quietJob);
    return { ...step, ms: 0 };
  });
  equalize = this.once(async () => {
    const load = { ...loadStep(this.float, []), ms: 0 };
    const steps = [await this.prepare(), await this.calibrate()] as const;
    return equalizeStep(load, ...steps, this.settings, this.batches, quietJob);
  });
  reference = this.once(async () => convertReference((await this.equalize()).model, 'pytorch').model);
  converted = this.once(async () => lower(await this.reference(), 'pytorch').model);
  /** What the convert step compares with: the calibrated model as it is. */
  plainReference = this.once(async () => convertReference((await this.calibrate()).model, 'pytorch').model);
  plainConverted = this.once(async () => lower(await this.plainReference(), 'pytorch').model);

  /** Prepared as if nobody had asked for equalization. */
  plain = this.once(async () => {
    const settings = { ...this.settings, equalization: { global: false, byName: {}, byType: {} } };
    return prepareStep({ ...loadStep(this.float, []), ms: 0 }, settings, mappingOf(this.golden)).model;
  });

  async equalizedFloat(): Promise<Model> {
    return floatModel((await this.equalize()).model);
  }

  /** Runs all steps up to this one. */
  async until(step: GoldenStep): Promise<unknown> {
    switch (step) {
      case 'prepare':
        return this.prepare();
      case 'calibrate':
        return this.calibrate();
      case 'equalize':
        return this.equalize();
      case 'convert':
        return this.reference();
      case 'lower':
        return this.converted();
      default:
        return step satisfies never;
    }
  }

  /** The model's outputs for the golden's test input. */
  async outputs(model: Model): Promise<readonly ArrayLike<number>[]> {
    const executor = new Executor(model);
    const outputs = executor.run(this.test);
    const data = await Promise.all(outputs.map((output) => output.data()));
    for (const output of outputs) output.dispose();
    executor.dispose();
    return data;
  }

  private once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | null = null;
    return () => {
      made ??= make();
      return made;
    };
  }
}
