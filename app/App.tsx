import { useActionKeys } from './actions/useActionKeys';
import { GraphArea } from './flow/GraphArea';
import { Overlays } from './overlays/Overlays';
import { Alerts } from './panels/Alerts';
import { BottomPanel } from './panels/BottomPanel';
import { Boundary } from './panels/Boundary';
import { ExportConfirm } from './panels/ExportConfirm';
import { Gallery } from './panels/Gallery';
import { Header } from './panels/Header';
import { Inspector } from './panels/Inspector';
import { LayersDialog } from './panels/layers/LayersDialog';
import { Pipeline } from './panels/Pipeline';
import { StatusLine } from './panels/StatusLine';
import { WindowDrop } from './panels/WindowDrop';
import { useStudio } from './store/context';
import { useEscape } from './useEscape';

/** The work on an open model: graph, inspector, and what concerns all nodes. */
function Workbench() {
  return (
    <>
      <Boundary part="the graph">
        <GraphArea />
      </Boundary>
      <Boundary part="the inspector">
        <Inspector />
      </Boundary>
      <Boundary part="the lower panel">
        <BottomPanel />
      </Boundary>
    </>
  );
}

/** Before a model is open. */
function Welcome() {
  return (
    <>
      <Gallery />
      <div className="welcome-status">
        <StatusLine />
      </div>
    </>
  );
}

export function App() {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const isFolded = useStudio((studio) => !studio.lowerOpen);
  useEscape();
  useActionKeys();
  return (
    <div className={`page${isFolded ? ' lower-folded' : ''}${hasModel ? '' : ' welcome'}`}>
      {hasModel && (
        <a className="skip-link" href="#graph">
          Skip to the graph
        </a>
      )}
      <Header />
      <Pipeline />
      {hasModel ? <Workbench /> : <Welcome />}
      <Alerts />
      <LayersDialog />
      <ExportConfirm />
      <Overlays />
      <WindowDrop />
    </div>
  );
}
