import type { StudioStore } from './store/studio';

/** From now on `?sample=` names the sample that is open, so that a reload opens it again. */
export function keepSampleInAddress(store: StudioStore) {
  store.subscribe(({ sample, modelSerial }, before) => {
    if (modelSerial === before.modelSerial) return;
    const address = new URL(location.href);
    if (sample === null) address.searchParams.delete('sample');
    else address.searchParams.set('sample', sample);
    history.replaceState(history.state, '', address);
  });
}
