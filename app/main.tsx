import './styles/mantine.css';
import 'reactflow/dist/base.css';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/welcome.css';
import './styles/pipeline.css';
import './styles/plots.css';
import './styles/data.css';
import './styles/flow.css';
import './styles/bigGraph.css';
import './styles/playback.css';
import './styles/inspector.css';
import './styles/byHand.css';
import './styles/differences.css';
import './styles/lower.css';
import './styles/layers.css';
import './styles/layersTable.css';
import './styles/methods.css';
import './styles/paint.css';
import './styles/overlays.css';
import './styles/plan.css';
import './styles/outline.css';
import './styles/palette.css';
import './styles/help.css';
import './styles/projects.css';
import './styles/narrow.css';
import './styles/forcedColors.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { keepSampleInAddress } from './address';
import { browserStorage } from './browserStorage';
import { colorSchemeManager } from './colorScheme';
import type { BackendChoice } from './engine/api';
import { connectEngine } from './engine/client';
import { browserArrivals, sweepArrivals } from './engine/projects/arrivals';
import { keepOffline, watchTouches } from './offline/newVersion';
import { arrivalMemory, openAddress, projectOfTab, tabMemory } from './openAddress';
import { rememberHelp } from './remembered';
import { StudioProvider } from './store/context';
import { rememberTable } from './store/layersTable/remembered';
import { keepArrivals } from './store/projects/arrivals';
import { keepSaved } from './store/projects/autosave';
import { servedSamples } from './store/samples';
import { createStudioStore } from './store/studioStore';
import { theme, tokensForMantine } from './theme';
import { warnOnLeaving } from './warnOnLeaving';
import { whenIdle } from './whenIdle';
import { loadWorkbenchEarly } from './workbenchLoad';

const BACKENDS: readonly BackendChoice[] = ['webgpu', 'wasm', 'cpu'];

const root = document.getElementById('root');
if (root === null) throw new Error('internal: index.html has no element #root');

const { engine, onStop } = connectEngine();
const shelf = browserArrivals();
const store = createStudioStore(engine, servedSamples(`${import.meta.env.BASE_URL}samples/`), shelf);
rememberHelp(store);
rememberTable(store, browserStorage('localStorage'));
keepSaved(store, tabMemory);
const offerArrivals = keepArrivals(store, arrivalMemory, shelf);
warnOnLeaving(store);
loadWorkbenchEarly(store);
const left = projectOfTab();
if (left !== null) store.getState().comeBack(left);
onStop((reason) => void store.getState().crash(reason));

/** What the address asks for: `?backend=` forces a backend, `?sample=` opens a sample. */
async function begin() {
  const { start, report, loadSamples } = store.getState();
  const options = new URLSearchParams(location.search);
  const wanted = options.get('backend');
  const backend = BACKENDS.find((name) => name === wanted) ?? null;
  if (wanted !== null && backend === null)
    report(`There is no backend “${wanted}”: choose webgpu, wasm or cpu.`);
  await Promise.all([start(backend), loadSamples()]);
  await openAddress(store, left);
  keepSampleInAddress(store);
  await offerArrivals();
  await sweepArrivals();
}

const page = createRoot(root);
const content = (
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={tokensForMantine}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
    >
      <StudioProvider store={store}>
        <App />
      </StudioProvider>
    </MantineProvider>
  </StrictMode>
);
// In slices: the first drawing of the whole page is more than one task should take.
startTransition(() => page.render(content));
void begin();
watchTouches(window);

// After all that the first picture needs; built pages only, or the files under development would be kept too.
if (import.meta.env.PROD)
  addEventListener('load', () => {
    whenIdle(async () => {
      const problem = await keepOffline(`${import.meta.env.BASE_URL}serviceWorker.js`);
      if (problem !== null) store.getState().note(problem);
    }, 10_000);
  });
