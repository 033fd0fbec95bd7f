import { browserStorage } from './browserStorage';
import { readTab, type TabMemory } from './store/projects/autosave';
import { readSettingsParam, SETTINGS_PARAM } from './store/projects/settingsLink';
import type { Studio, StudioStore } from './store/studio';

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

/** Opens what the address or the tab asks for: the project that was open here, or `?sample=`. */
export async function openAddress(store: StudioStore): Promise<void> {
  const options = new URLSearchParams(location.search);
  const { openProject, openSample } = store.getState();
  const sample = options.get('sample');
  const left = readTab(tabMemory);
  if (left !== null && (sample === null || isReturn())) await openProject(left.id, left);
  else if (sample !== null) await openSample(sample);
  await takeLink(store, options.get(SETTINGS_PARAM));
}

/** `?settings=` counts once: for the open model, or for the next one that is opened. */
async function takeLink(store: StudioStore, param: string | null): Promise<void> {
  if (param === null) return;
  const address = new URL(location.href);
  address.searchParams.delete(SETTINGS_PARAM);
  history.replaceState(history.state, '', address);
  const link = readSettingsParam(param);
  const { view, changeSettings, report, announce, settings } = store.getState();
  if (!link.ok) return report(link.problem, { title: 'The settings of the link', subject: 'settings' });
  const words = 'Settings of the link taken over';
  if (view.model !== null) return changeSettings(link.settings, words);
  store.setState({ settings: { ...settings, ...link.settings } });
  announce(`${words}: they hold for the model that you open`);
  untilModel(store, (studio) => void studio.changeSettings(link.settings, words));
}

/** Names of layers belong to the model that is opened next. */
function untilModel(store: StudioStore, then: (studio: Studio) => void): void {
  const leave = store.subscribe((studio) => {
    if (studio.view.model === null || studio.job !== null) return;
    leave();
    then(studio);
  });
}
