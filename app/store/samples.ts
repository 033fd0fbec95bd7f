import { z } from '../zod';

const SampleIndex = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    /** Paths relative to the index. */
    model: z.string(),
    calibration: z.array(z.string()),
    evaluation: z.array(z.string()),
  }),
);
export type Sample = Readonly<z.infer<typeof SampleIndex>[number]>;

export interface SampleFiles {
  readonly model: readonly File[];
  readonly calibration: readonly File[];
  readonly evaluation: readonly File[];
}

/** Where samples come from: the page's server, or a test's memory. */
export interface SampleSource {
  list(): Promise<readonly Sample[]>;
  files(sample: Sample): Promise<SampleFiles>;
}

/** Samples served beside the page; `base` is the folder's address with a slash at its end. */
export function servedSamples(base: string): SampleSource {
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(base + path);
    if (!response.ok) throw new Error(`${base + path}: the server answered ${response.status}`);
    return response;
  };
  const file = async (path: string, name: string): Promise<File> =>
    new File([await (await get(path)).blob()], name);
  // `digits/calibration.npz` alone would be one of many `calibration.npz` in a report.
  const all = (paths: readonly string[]) =>
    Promise.all(paths.map((path) => file(path, path.replaceAll('/', '-'))));
  return {
    list: async () => SampleIndex.parse(await (await get('index.json')).json()),
    files: async (sample) => {
      const [model, calibration, evaluation] = await Promise.all([
        Promise.all([file(sample.model, sample.id + sample.model.slice(sample.model.lastIndexOf('.')))]),
        all(sample.calibration),
        all(sample.evaluation),
      ]);
      return { model, calibration, evaluation };
    },
  };
}
