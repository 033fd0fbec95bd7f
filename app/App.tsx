import { Button } from '@mantine/core';
import { useActionKeys } from './actions/useActionKeys';
import { NewVersionNote } from './offline/NewVersionNote';
import { Overlays } from './overlays/Overlays';
import { Alerts } from './panels/Alerts';
import { ExportConfirm } from './panels/ExportConfirm';
import { Header } from './panels/Header';
import { LayersDialog } from './panels/layers/LayersDialog';
import { Pipeline } from './panels/Pipeline';
import { ArrivalNote } from './panels/projects/ArrivalNote';
import { InterruptedNote } from './panels/projects/InterruptedNote';
import { ProjectsDialog } from './panels/projects/ProjectsDialog';
import { SkipLinks } from './panels/SkipLinks';
import { StatusLine } from './panels/StatusLine';
import { WindowDrop } from './panels/WindowDrop';
import { useStudio } from './store/context';
import { useEarlyWorkbench, type WorkbenchState } from './useEarlyWorkbench';
import { useEscape } from './useEscape';
import { Gallery } from './welcome/Gallery';
import { Tour } from './welcome/Tour';
import { TOUR } from './welcome/tourStops';

/** While a model is open. */
function OpenModel({ bench }: { bench: WorkbenchState }) {
  if (bench.kind === 'there') return <bench.Workbench />;
  if (bench.kind !== 'failed') return null;
  return (
    <main className="boundary" role="alert">
      <p>
        The part of the page that shows a model could not be loaded ({bench.reason}). Reload the page: what
        was saved comes back with it.
      </p>
      <Button size="compact-xs" variant="default" onClick={() => location.reload()}>
        Reload the page
      </Button>
    </main>
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
  const isTall = useStudio((studio) => studio.tab === 'plots' && studio.plotsTall);
  useEscape();
  useActionKeys();
  const bench = useEarlyWorkbench();
  const touring = useStudio(({ tourStop }) => (tourStop === null ? undefined : TOUR[tourStop]?.part));
  return (
    <div className="window">
      <div
        className={`page${isFolded ? ' lower-folded' : isTall ? ' lower-tall' : ''}${hasModel ? '' : ' welcome'}`}
        data-tour={touring}
      >
        <SkipLinks />
        <Header />
        <Pipeline />
        {hasModel ? <OpenModel bench={bench} /> : <Welcome />}
        <Alerts />
        <InterruptedNote />
        <NewVersionNote />
        <ArrivalNote />
        <ProjectsDialog />
        <LayersDialog />
        <ExportConfirm />
        <Overlays />
        <WindowDrop />
      </div>
      <Tour />
    </div>
  );
}
