import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { Verdict } from '../panels/Verdict';
import { useStudio } from '../store/context';
import { Part } from '../store/parts/Part';
import { CompareBar } from './compare/CompareBar';
import { DifferenceNote } from './compare/Differences';
import { useDifferencesAhead } from './compare/useDifferencesAhead';
import { FlowPane } from './FlowPane';
import { GraphToolbar } from './GraphToolbar';
import { LayoutWait } from './LayoutWait';
import { MarksContext } from './marks';
import { PaintLegend } from './PaintLegend';
import { PathBar } from './path/PathBar';
import { TransportBar } from './playback/TransportBar';
import { usePicture } from './usePicture';

/** The keyboard comes here when the first screen, with the card that was pressed, has gone. */
function useFocusAfterOpening() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  return main;
}

function Panes() {
  const { ref, width, height } = useElementSize();
  const { earlier, later, captions, mapped, search, marks, path, gains, wait, isStale, moved } = usePicture(
    width,
    height,
  );
  useDifferencesAhead();
  const main = useFocusAfterOpening();
  const select = useStudio((studio) => studio.select);
  const shared = { ...moved, isStale, onBackground: () => select(null) };
  return (
    <main className="canvas" id="graph" tabIndex={-1} ref={main} aria-label="Graph">
      <h2 className="visually-hidden">Graph</h2>
      <GraphToolbar {...search} />
      <PathBar path={path} />
      <Verdict />
      <TransportBar />
      <CompareBar />
      <MarksContext value={marks}>
        <div className="flow-panes" ref={ref}>
          {gains.size > 0 && <PaintLegend />}
          {earlier && (
            <FlowPane {...shared} caption={captions?.before ?? ''} drawing={earlier} mapped={null} />
          )}
          {later && <FlowPane {...shared} caption={captions?.after ?? ''} drawing={later} mapped={mapped} />}
          <DifferenceNote />
          <LayoutWait {...wait} />
        </div>
      </MarksContext>
    </main>
  );
}

/** The panes with the graph of the shown step, alone or beside the graph before it. */
export function GraphArea() {
  return (
    <Part id="graph">
      <Panes />
    </Part>
  );
}
