import '@mantine/core/styles.layer.css';
import 'reactflow/dist/base.css';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/welcome.css';
import './styles/pipeline.css';
import './styles/data.css';
import './styles/flow.css';
import './styles/playback.css';
import './styles/inspector.css';
import './styles/byHand.css';
import './styles/differences.css';
import './styles/lower.css';
import './styles/layers.css';
import './styles/methods.css';
import './styles/paint.css';
import './styles/overlays.css';
import './styles/plan.css';
import './styles/palette.css';
import './styles/narrow.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { askBeforeLeaving, keepSampleInAddress } from './address';
import { colorSchemeManager } from './colorScheme';
import type { BackendChoice } from './engine/api';
import { connectEngine } from './engine/client';
import { StudioProvider } from './store/context';
import { servedSamples } from './store/samples';
import { createStudioStore } from './store/studioStore';
import { theme, tokensForMantine } from './theme';

const BACKENDS: readonly BackendChoice[] = ['webgpu', 'wasm', 'cpu'];

const root = document.getElementById('root');
if (root === null) throw new Error('internal: index.html has no element #root');

const { engine, onCrash } = connectEngine();
const store = createStudioStore(engine, servedSamples(`${import.meta.env.BASE_URL}samples/`));
askBeforeLeaving(store);
onCrash((message) => store.getState().crash(message));

/** What the address asks for: `?backend=` forces a backend, `?sample=` opens a sample. */
async function begin() {
  const { start, report, loadSamples, openSample } = store.getState();
  const options = new URLSearchParams(location.search);
  const wanted = options.get('backend');
  const backend = BACKENDS.find((name) => name === wanted) ?? null;
  if (wanted !== null && backend === null)
    report(`There is no backend “${wanted}”: choose webgpu, wasm or cpu.`);
  await Promise.all([start(backend), loadSamples()]);
  const sample = options.get('sample');
  if (sample !== null) await openSample(sample);
  keepSampleInAddress(store);
}

createRoot(root).render(
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
  </StrictMode>,
);
void begin();
