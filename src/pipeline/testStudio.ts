import { readFileSync } from 'node:fs';
import type { Job } from '../exec/job';
import { type ByteSource, bytesSource } from '../formats/byteSource';
import { Studio } from './studio';

/* A Studio with the gallery's samples. For tests only. */

const SAMPLES = new URL('../../public/samples/', import.meta.url);

/** A file of the gallery: `digits/model.safetensors`. */
export const sampleFile = (path: string): ByteSource =>
  bytesSource(new Uint8Array(readFileSync(new URL(path, SAMPLES))), path.slice(path.indexOf('/') + 1));

export const BACKEND = { name: 'cpu', adapter: 'none', label: 'CPU' } as const;

export async function openDigits({ data = true, evaluation = false } = {}): Promise<Studio> {
  const studio = new Studio(BACKEND);
  await studio.openModel([sampleFile('digits/model.safetensors')]);
  if (data) await studio.openCalibration([sampleFile('digits/calibration.npz')]);
  if (evaluation) await studio.openEvaluation([sampleFile('digits/evaluation.npz')]);
  return studio;
}

export async function openLinear2(): Promise<Studio> {
  const studio = new Studio(BACKEND);
  await studio.openModel([sampleFile('linear2/model.safetensors')]);
  await studio.openCalibration([sampleFile('linear2/calibration.npy')]);
  return studio;
}

/** A job that is cancelled as soon as `phase` has done at least `done` units; it notes the phases that it saw. */
export function abortingJob(
  phase: string,
  done = 0,
): Job & { readonly reason: Error; readonly seen: Set<string> } {
  const controller = new AbortController();
  const reason = new Error('the user pressed Cancel');
  const seen = new Set<string>();
  return {
    signal: controller.signal,
    reason,
    seen,
    progress: (name, finished) => {
      seen.add(name);
      if (name === phase && finished >= done) controller.abort(reason);
    },
  };
}
