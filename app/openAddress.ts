import { browserStorage } from './browserStorage';
import { readTab, type TabMemory } from './store/projects/autosave';
import { takeSettings } from './store/projects/linkedSettings';
import { readSettingsParam, SETTINGS_PARAM } from './store/projects/settingsLink';
import type { Left, StudioStore } from './store/studio';

const KEY = 'equalization-studio';

const storage = browserStorage('sessionStorage');
const memoryOf = (key: string): TabMemory => ({
  read: () => storage.getItem(key),
  write: (text) => storage.setItem(key, text),
});

/** This tab's own storage outlasts a reload, and a crash of the page. */
export const tabMemory = memoryOf(KEY);
export const arrivalMemory = memoryOf(`${KEY}-arrivals`);

/** A reload comes back to the project; an address that was typed or followed, with a sample in it, means the sample. */
function isReturn(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  const type = navigation instanceof PerformanceNavigationTiming ? navigation.type : 'navigate';
  return type === 'reload' || type === 'back_forward';
}

const sampleOf = (address: URLSearchParams): string | null => address.get('sample');

/** The project that was open in this tab, if that is what the address means. */
export function projectOfTab(): Left | null {
  const sample = sampleOf(new URLSearchParams(location.search));
  return sample === null || isReturn() ? readTab(tabMemory) : null;
}

/** Opens what the tab or the address asks for: the project that was open here, or `?sample=`. */
export async function openAddress(store: StudioStore, left: Left | null): Promise<void> {
  const options = new URLSearchParams(location.search);
  const { openProject, openSample } = store.getState();
  const sample = sampleOf(options);
  if (left !== null) await openProject(left.id, left);
  else if (sample !== null) await openSample(sample);
  await takeLink(store, options.get(SETTINGS_PARAM), left !== null);
}

/** `?settings=` counts once; then it is gone from the address. */
async function takeLink(store: StudioStore, param: string | null, isProject: boolean): Promise<void> {
  if (param === null) return;
  const address = new URL(location.href);
  address.searchParams.delete(SETTINGS_PARAM);
  history.replaceState(history.state, '', address);
  const link = readSettingsParam(param);
  const { view, report } = store.getState();
  if (!link.ok) return report(link.problem, { title: 'The settings of the link', subject: 'settings' });
  const opened = isProject ? 'project' : 'model';
  await takeSettings(store, link.settings, view.model === null ? null : opened);
}
