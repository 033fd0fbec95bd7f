import type {
  LayerAdvice,
  MethodRow,
  Settings,
  StepName,
  StudioView,
  TensorsView,
  WeightMap,
} from '../../../src/index';
import type { EngineFailure, Outcome, ProgressListener } from '../../engine/api';
import { failed, ok } from './outcomes';
import { FakeProjects } from './projects';

/** Answers the jobs beside the steps, and what is asked about tensors, with what a test gave it. */
export abstract class FakeFindings extends FakeProjects {
  /** What the jobs beside the steps answer. */
  methods: readonly MethodRow[] = [];
  advice: readonly LayerAdvice[] = [];
  /** How the next of them ends, where it does not answer. */
  besideError: EngineFailure | null = null;

  private beside<T>(value: T): Outcome<T> {
    const error = this.besideError;
    this.besideError = null;
    return error === null ? ok(value) : { ok: false, error };
  }

  async compareMethods(_: Settings, onProgress: ProgressListener): Promise<Outcome<readonly MethodRow[]>> {
    onProgress('Compare methods', 1, 6);
    return this.beside(this.methods);
  }

  async advise(_: Settings, onProgress: ProgressListener): Promise<Outcome<readonly LayerAdvice[]>> {
    onProgress('Advise', 1, 2);
    return this.beside(this.advice);
  }

  async checkRuntime(onProgress: ProgressListener): Promise<Outcome<StudioView>> {
    onProgress('Check in ONNX Runtime', 1, 2);
    const row = { maxRelError: 1e-6, sqnr: 120, agrees: true, error: null };
    const rows = [{ name: 'original' as const, ...row }];
    return this.beside({
      ...this.shownView,
      onnxRuntime: { rows, version: '1', samples: 8, stale: false },
    });
  }

  /** What is known of tensors and weights; `countValues` puts `counted` in the place of `tensorsView`. */
  tensorsView: TensorsView = { tensors: [], reason: 'nothing is observed' };
  counted: TensorsView | null = null;
  weight: WeightMap | null = null;

  tensors = async () => ok(this.tensorsView);

  async countValues(_step: StepName, _tensor: unknown, onProgress: ProgressListener): Promise<Outcome<void>> {
    onProgress('Count values', 1, 2);
    const outcome = this.beside<void>(undefined);
    if (outcome.ok) this.tensorsView = this.counted ?? this.tensorsView;
    return outcome;
  }

  weightMap = async (_step: StepName, name: string) =>
    this.weight === null ? failed<WeightMap>('graph', `${name} has no weight`) : ok(this.weight);
}
