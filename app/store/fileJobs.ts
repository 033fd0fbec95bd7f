import type { EngineApi } from '../engine/api';
import { sortFiles } from './files';
import type { SampleSource } from './samples';
import type { DataPurpose, FileJobs, Slice, Studio } from './studio';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Opens a model inside a job; false (and an alert) when it is refused, and the previous model stays. */
async function openModelNow(engine: EngineApi, set: Set, get: Get, files: readonly File[]): Promise<boolean> {
  const hadModel = get().view.model !== null;
  const outcome = await engine.openModel(files);
  if (!outcome.ok) {
    if (outcome.error.kind === 'cancelled') get().announce('Opening the model: cancelled');
    else {
      // The one ambiguous extension: data in a .safetensors file has no graph.
      const data = hadModel && files.some((file) => file.name.endsWith('.safetensors'));
      const hint = data ? ' If it is calibration data, open it with “Calibration data…”.' : '';
      get().report(outcome.error.message + hint);
    }
    return false;
  }
  set({
    settings: { ...get().settings, excluded: [] },
    modelSerial: get().modelSerial + 1,
    failures: {},
    selected: null,
  });
  get().adopt(outcome.value, 'load');
  get().announce(`Load: ${outcome.value.steps.load?.summary ?? outcome.value.model?.name ?? 'done'}`);
  return true;
}

async function openDataNow(
  engine: EngineApi,
  set: Set,
  get: Get,
  purpose: DataPurpose,
  files: readonly File[],
) {
  const outcome = await (purpose === 'calibration'
    ? engine.openCalibration(files)
    : engine.openEvaluation(files));
  const title = purpose === 'calibration' ? 'Calibration data' : 'Evaluation data';
  if (!outcome.ok) {
    get().report(`${title}: ${outcome.error.message}`);
    return;
  }
  set({ failures: {} });
  get().adopt(outcome.value, get().shown);
  const data = outcome.value[purpose];
  if (data !== null) get().announce(`${title}: ${data.source}, ${data.samples} samples`);
}

async function openSampleNow(engine: EngineApi, samples: SampleSource, set: Set, get: Get, id: string) {
  const known = get().samples ?? (await samples.list());
  const sample = known.find((candidate) => candidate.id === id);
  if (sample === undefined) {
    const ids = known.map((candidate) => candidate.id).join(', ');
    get().report(`There is no sample “${id}”. The samples are: ${ids}.`);
    return;
  }
  const files = await samples.files(sample);
  if (!(await openModelNow(engine, set, get, files.model))) return;
  if (files.calibration.length > 0) await openDataNow(engine, set, get, 'calibration', files.calibration);
  if (files.evaluation.length > 0) await openDataNow(engine, set, get, 'evaluation', files.evaluation);
  get().announce(`Sample ${sample.title}: ${get().view.steps.load?.summary ?? 'opened'}`);
}

async function openDroppedNow(engine: EngineApi, set: Set, get: Get, files: readonly File[]) {
  const { model, calibration, unknown } = sortFiles(files);
  if (unknown.length > 0) {
    const names = unknown.map((file) => file.name).join(', ');
    get().report(
      `Not a file that the studio reads: ${names}. Drop .safetensors or .onnx, .npy, .npz or .csv.`,
    );
  }
  if (model.length > 0 && !(await openModelNow(engine, set, get, model))) return;
  if (calibration.length > 0) await openDataNow(engine, set, get, 'calibration', calibration);
}

export const createFileJobs =
  (engine: EngineApi, samples: SampleSource): Slice<FileJobs> =>
  (set, get) => ({
    samples: null,
    loadSamples: async () => {
      try {
        set({ samples: await samples.list() });
      } catch (error) {
        set({ samples: [] });
        get().report(`The list of samples: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    openSample: (id) =>
      get().exclusively('load', `Load sample ${id}`, () => openSampleNow(engine, samples, set, get, id)),
    openModel: (files) =>
      get().exclusively('load', 'Load', async () => {
        await openModelNow(engine, set, get, files);
      }),
    openData: (purpose, files) =>
      get().exclusively(null, `Read ${purpose} data`, () => openDataNow(engine, set, get, purpose, files)),
    openDropped: (files) =>
      get().exclusively(null, 'Read files', () => openDroppedNow(engine, set, get, files)),
  });
