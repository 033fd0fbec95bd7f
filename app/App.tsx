import { useActionKeys } from './actions/useActionKeys';
import { OpenModel } from './OpenModel';
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
import { Part } from './store/parts/Part';
import { useEscape } from './useEscape';
import { ComingBack } from './welcome/ComingBack';
import { Gallery } from './welcome/Gallery';
import { Tour } from './welcome/Tour';
import { TOUR } from './welcome/tourStops';

/** Before a model is open, and none is on its way back. */
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

function Window() {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const isComing = useStudio((studio) => studio.view.model === null && studio.returning !== null);
  const isFirst = !hasModel && !isComing;
  const isFolded = useStudio((studio) => !studio.lowerOpen);
  const isTall = useStudio((studio) => studio.tab === 'plots' && studio.plotsTall);
  useEscape();
  useActionKeys();
  const touring = useStudio(({ tourStop }) => (tourStop === null ? undefined : TOUR[tourStop]?.part));
  return (
    <div className="window" id="window">
      <div
        className={`page${isFolded ? ' lower-folded' : isTall ? ' lower-tall' : ''}${isFirst ? ' welcome' : ''}`}
        data-tour={touring}
      >
        <SkipLinks />
        <Header />
        <Pipeline />
        {hasModel && <OpenModel />}
        {isComing && <ComingBack />}
        {isFirst && <Welcome />}
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

export function App() {
  return (
    <Part id="window">
      <Window />
    </Part>
  );
}
