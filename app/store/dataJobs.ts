import type { StudioView } from '../../src/index';
import type { EngineApi, Outcome, ProgressListener } from '../engine/api';
import { countOf } from './counting';
import { hasImages, namesOf, withoutName } from './files';
import { groupedAhead } from './groups/groupedAhead';
import type { DataJobs, DataPurpose, Slice, Studio } from './studio';
import { STEPS } from './vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

const TITLES: { readonly [P in DataPurpose]: string } = {
  calibration: 'Calibration data',
  evaluation: 'Evaluation data',
};

/** Progress of a job beside the steps; a late message must not bring its bar back. */
const reading =
  (set: Set, get: Get): ProgressListener =>
  (phase, done, total) => {
    const { job } = get();
    if (job !== null && !isStep(job.step)) set({ job: { ...job, phase, done, total } });
  };

const isStep = (step: string | null): boolean => STEPS.some((name) => name === step && name !== 'load');

/** Takes over data that the engine has opened, and says what it is. */
function adoptData(set: Set, get: Get, view: StudioView, purpose: DataPurpose) {
  set({ failures: {}, dataOptions: null, imagesWait: false, previews: [] });
  get().settle('data', purpose, ...STEPS);
  get().adopt(view, get().shown);
  const data = view[purpose];
  if (data === null) return;
  const notes = data.notes.map((note) => `. ${note}`).join('');
  get().announce(`${TITLES[purpose]}: ${data.source}, ${countOf(data.samples, 'sample')}${notes}`);
}

/** What the engine answered about data; false when it was refused or cancelled. */
function settleData(
  set: Set,
  get: Get,
  outcome: Outcome<StudioView>,
  about: {
    readonly title: string;
    readonly purpose: DataPurpose | null;
    readonly files?: readonly File[];
  },
): boolean {
  if (outcome.ok) {
    adoptData(set, get, outcome.value, about.purpose ?? outcome.value.lastData ?? 'calibration');
    return true;
  }
  const { kind, message } = outcome.error;
  if (kind === 'cancelled') get().announce('Reading data: cancelled');
  else
    get().report(withoutName(message, about.files ?? []), {
      title: about.title,
      subject: about.purpose ?? 'data',
    });
  return false;
}

/** Opens data inside a job, for `purpose` or, where that is null, for what the engine finds it to be. */
export async function openDataNow(
  engine: EngineApi,
  set: Set,
  get: Get,
  purpose: DataPurpose | null,
  files: readonly File[],
): Promise<void> {
  const open = { calibration: engine.openCalibration, evaluation: engine.openEvaluation };
  const listener = reading(set, get);
  const opened = await (purpose === null
    ? engine.openData(files, listener)
    : open[purpose].call(engine, files, listener));
  const outcome = await groupedAhead(opened);
  if (settleData(set, get, outcome, { title: `${namesOf(files)} was not opened`, purpose, files })) return;
  if (!outcome.ok && outcome.error.kind === 'format' && hasImages(files))
    set({ imagesWait: true, dataOptions: null, previews: [] });
}

export const createDataJobs =
  (engine: EngineApi): Slice<DataJobs> =>
  (set, get) => ({
    dataOptions: null,
    imagesWait: false,
    previews: [],
    openData: (purpose, files) =>
      get().arrive(files, purpose, () =>
        get().exclusively(null, `Read ${purpose} data`, () => openDataNow(engine, set, get, purpose, files)),
      ),
    generateData: (settings) =>
      get().exclusively(null, 'Generate data', async () => {
        const outcome = await groupedAhead(await engine.generateData(settings));
        settleData(set, get, outcome, { title: 'No data was generated', purpose: 'calibration' });
      }),
    firstLook: async () => {
      await get().loadDataOptions();
      const options = get().dataOptions;
      if (options !== null) await get().generateData(options.generated);
    },
    changeImages: (settings) =>
      get().exclusively(null, 'Read images', async () => {
        const outcome = await groupedAhead(await engine.changeImages(settings, reading(set, get)));
        if (!settleData(set, get, outcome, { title: 'The images stay as they were', purpose: null })) return;
        await get().loadDataOptions();
      }),
    loadDataOptions: async () => {
      const options = await engine.dataOptions();
      const previews = await engine.imagePreviews();
      if (!options.ok) return get().report(options.error.message, { title: 'Data', subject: 'data' });
      set({ dataOptions: options.value, previews: previews.ok ? previews.value : [] });
    },
  });
