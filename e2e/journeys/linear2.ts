import type { StudioPage } from '../pages/studioPage';

/** The sample of two layers, on the backend that needs least to start. */
export async function openLinear2(studio: StudioPage): Promise<void> {
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.expectStep('load', 'done');
  await studio.settled();
}
