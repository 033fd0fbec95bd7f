import type { EngineApi } from '../engine/api';
import { openDataNow } from './dataJobs';
import { dataGroups, namesOf, projectFileIn, sortDropped, sortFiles, withoutName } from './files';
import { groupedAhead } from './groups/groupedAhead';
import { completed } from './incomplete';
import { readLayers } from './readLayers';
import type { SampleSource } from './samples';
import type { FileJobs, Slice, Studio } from './studio';
import { takeModel } from './takeModel';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Opens a model inside a job; false (and an alert) when it is refused, and the previous model stays. */
async function openModelNow(
  engine: EngineApi,
  set: Set,
  get: Get,
  files: readonly File[],
  sample: string | null,
): Promise<boolean> {
  // With nothing to leave, the worker has the file before the page is drawn anew.
  if (get().view.model !== null && !(await get().saveBeforeLeaving())) return false;
  const hadModel = get().view.model !== null;
  const { enginesBefore } = get();
  const outcome = await groupedAhead(await engine.openModel(files));
  const missing = outcome.ok ? undefined : outcome.error.missing;
  set({ incomplete: missing ? { files, missing } : null });
  if (!outcome.ok) {
    if (outcome.error.layers) get().proposeLayers(outcome.error.layers);
    else if (outcome.error.kind === 'cancelled') get().announce('Opening the model: cancelled');
    else {
      // The one ambiguous extension: data in a .safetensors file has no graph.
      const data = hadModel && files.some((file) => file.name.endsWith('.safetensors'));
      const hint = data ? ' If it is calibration data, open it with “Calibration data…”.' : '';
      const title = `${namesOf(files)} was not opened`;
      get().report(withoutName(outcome.error.message, files) + hint, { title, subject: 'load' });
    }
    return false;
  }
  const graph = outcome.value.steps.load?.graph;
  if (graph !== undefined) await get().prepareGraph?.(graph);
  // The engine that has the model ended meanwhile: the page stays with what the next one brings back.
  if (get().enginesBefore !== enginesBefore) return false;
  takeModel(set, get, outcome.value, sample);
  void readLayers(engine, set, get);
  reportUnknown(get, outcome.value.model?.unused ?? []);
  return true;
}

const WAYS_IN =
  'The studio reads models in .safetensors, .onnx (with its data files), .pt2 or TensorFlow.js’ model.json (with its .bin files), weights in .pt or .pth, and data in .npy, .npz, .csv or images. A PyTorch model comes in by fx_export.py or torch.export.';

function reportUnknown(get: Get, names: readonly string[]) {
  if (names.length > 0) get().report(WAYS_IN, { title: `${names.join(', ')} was not opened` });
}

async function openSampleNow(engine: EngineApi, samples: SampleSource, set: Set, get: Get, id: string) {
  const known = get().samples ?? (await samples.list());
  const sample = known.find((candidate) => candidate.id === id);
  if (sample === undefined) {
    const ids = known.map((candidate) => candidate.id).join(', ');
    get().report(`There is no sample “${id}”. The samples are: ${ids}.`, { subject: 'load' });
    return;
  }
  const files = await samples.files(sample);
  if (!(await openModelNow(engine, set, get, files.model, id))) return;
  // A sample brings its own data: what waited was meant for another model.
  set({ pending: [] });
  if (files.calibration.length > 0) await openDataNow(engine, set, get, 'calibration', files.calibration);
  if (files.evaluation.length > 0) await openDataNow(engine, set, get, 'evaluation', files.evaluation);
  get().announce(`Sample ${sample.title}: ${get().view.steps.load?.summary ?? 'opened'}`);
}

/** Opens the data that waited for a model. */
async function openPending(engine: EngineApi, set: Set, get: Get) {
  const { pending } = get();
  set({ pending: [] });
  for (const group of dataGroups(pending)) await openDataNow(engine, set, get, null, group);
}

async function openDroppedNow(engine: EngineApi, set: Set, get: Get, files: readonly File[]) {
  const whole = completed(get().incomplete, files);
  const rest = whole ? files.filter((file) => !whole.includes(file)) : files;
  const { model, data, unknown } = sortDropped(rest);
  // What came with a model may belong to it, whatever it is called.
  const parts = whole && model.length === 0 ? whole : model.length > 0 ? [...model, ...unknown] : [];
  // Data dropped with a model is for that model: it waits even while another model is open.
  if (parts.length > 0 || get().view.model === null) set({ pending: [...get().pending, ...data] });
  else for (const group of dataGroups(data)) await openDataNow(engine, set, get, null, group);
  if (parts.length > 0) {
    if (await openModelNow(engine, set, get, parts, null)) await openPending(engine, set, get);
    else if (get().view.model !== null && get().incomplete === null) set({ pending: [] });
  } else if (get().view.model === null && data.length > 0)
    get().announce(`${namesOf(data)}: kept until a model is open`);
  // Last, or the files that were opened would take this alert away.
  if (model.length === 0)
    reportUnknown(
      get,
      unknown.map(({ name }) => name),
    );
}

export const createFileJobs =
  (engine: EngineApi, samples: SampleSource): Slice<FileJobs> =>
  (set, get) => ({
    samples: null,
    pending: [],
    incomplete: null,
    prepareGraph: null,
    loadSamples: async () => {
      try {
        set({ samples: await samples.list() });
      } catch (error) {
        set({ samples: [] });
        get().report(error instanceof Error ? error.message : String(error), {
          title: 'The list of samples',
        });
      }
    },
    openSample: (id) =>
      get().exclusively('load', `Load sample ${id}`, () => openSampleNow(engine, samples, set, get, id)),
    openModel: (files) => {
      const project = projectFileIn(files);
      if (project) return get().openProjectFile(project);
      const { model, data } = sortFiles(files);
      // A model chosen with its data is what a drop of both is.
      if (model.length > 0 && data.length > 0) return get().openDropped(files);
      const open = () =>
        get().exclusively('load', 'Load', async () => {
          const whole = completed(get().incomplete, files) ?? files;
          if (await openModelNow(engine, set, get, whole, null)) await openPending(engine, set, get);
        });
      return get().arrive(files, 'model', open);
    },
    openDropped: (files) => {
      const project = projectFileIn(files);
      if (project) return get().openProjectFile(project);
      return get().arrive(files, 'dropped', () =>
        get().exclusively(null, 'Read files', () => openDroppedNow(engine, set, get, files)),
      );
    },
  });
