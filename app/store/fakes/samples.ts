import type { Sample, SampleSource } from '../samples';

/* A gallery of two samples. */

const SAMPLES: readonly Sample[] = [
  { id: 'two', title: 'Two', description: '', model: 'two/m', calibration: ['two/c'], evaluation: [] },
  { id: 'ten', title: 'Ten', description: '', model: 'ten/m', calibration: ['ten/c'], evaluation: ['ten/e'] },
];

const files = (paths: readonly string[]) => paths.map((path) => new File([], path));

export const fakeSamples: SampleSource = {
  list: async () => SAMPLES,
  files: async ({ model, calibration, evaluation }) => ({
    model: files([model]),
    calibration: files(calibration),
    evaluation: files(evaluation),
  }),
};
