import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import { Verdict } from '../panels/Verdict';
import { useStudio } from '../store/context';
import { STEP_WORDS } from '../store/vocabulary';
import { CompareBar } from './compare/CompareBar';
import { FlowPane } from './FlowPane';
import { GraphToolbar } from './GraphToolbar';
import { PaintLegend } from './PaintLegend';
import { TransportBar } from './playback/TransportBar';
import { useFollow } from './playback/useFollow';
import { useArranged } from './useArranged';
import { useDecisions, useGains, useScene } from './useScene';
import { drawnOf, useViewport } from './useViewport';
import { hasRoomBeside, overview, zoomed } from './viewport';

/** The graph of the shown step with places for its nodes, in a pane of that size; two panes share the width. */
function useDrawing(width: number, height: number) {
  const { scene, sides } = useScene();
  const serial = useStudio((studio) => studio.modelSerial);
  const report = useStudio((studio) => studio.report);
  const wanted = { width: width / (scene?.before ? 2 : 1), height };
  const arrangement = hasRoomBeside(wanted) ? 'beside' : 'above';
  const arranged = useArranged(width > 0 ? scene : null, String(serial), arrangement, report);
  const panes = arranged?.scene.before ? 2 : 1;
  const pane = useMemo(() => ({ width: width / panes, height }), [width, panes, height]);
  return { arranged, sides, pane };
}

/** The keyboard comes here when the first screen, with the card that was pressed, has gone. */
function useFocusAfterOpening() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  return main;
}

/** The centre of the page: the shown step's graph, alone or beside the graph before it. */
export function GraphArea() {
  const { ref, width, height } = useElementSize();
  const { arranged, sides, pane } = useDrawing(width, height);
  const [viewport, setViewport] = useViewport(arranged, pane);
  useFollow(arranged, pane, setViewport);
  const decisions = useDecisions();
  const gains = useGains();
  const main = useFocusAfterOpening();
  const shown = useStudio((studio) => studio.shown);
  const select = useStudio((studio) => studio.select);
  const { title } = STEP_WORDS[shown];
  const shared = { gains, viewport, onViewport: setViewport, onBackground: () => select(null) };
  return (
    <main className="canvas" id="graph" tabIndex={-1} ref={main} aria-label="Graph">
      <GraphToolbar
        onZoom={(factor) => setViewport((current) => zoomed(current, factor, pane))}
        onAll={() => arranged && setViewport(overview(drawnOf(arranged), pane))}
      />
      <Verdict />
      <TransportBar />
      <CompareBar />
      <div className="flow-panes" ref={ref}>
        {gains.size > 0 && <PaintLegend />}
        {arranged?.scene.before && (
          <FlowPane
            {...shared}
            positions={arranged.positions}
            caption={`before · ${sides?.wordsBefore ?? ''}`}
            side={arranged.scene.before}
            decisions={decisions(sides?.before ?? null)}
          />
        )}
        {arranged && (
          <FlowPane
            {...shared}
            positions={arranged.positions}
            caption={arranged.scene.before ? `after · ${sides?.words ?? title}` : title}
            side={arranged.scene.after}
            decisions={decisions(sides?.after ?? shown)}
          />
        )}
      </div>
    </main>
  );
}
