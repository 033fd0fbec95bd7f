import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
import type { Decision, LayerView, StepName } from '../../src/index';
import { useStudio } from '../store/context';
import { stepBefore } from '../store/selectors';
import { STEP_WORDS } from '../store/vocabulary';
import { FlowPane } from './FlowPane';
import { compareScene, type Scene, singleScene } from './union';
import { type Arranged, useArranged } from './useArranged';
import { ViewControls } from './ViewControls';
import { boundsOf, centredOn, fitted, overview, type Size, sidewaysInSight, zoomed } from './viewport';

/** The scene of the shown step, and the step that it is compared with. */
function useScene(): { readonly scene: Scene | null; readonly before: StepName | null } {
  const shown = useStudio((studio) => studio.view.steps[studio.shown]);
  const earlier = useStudio((studio) => stepBefore(studio.view, studio.shown));
  const mode = useStudio((studio) => studio.mode);
  const before = mode === 'compare' ? earlier : null;
  const scene = useMemo(() => {
    if (shown === undefined) return null;
    return before === null ? singleScene(shown.graph) : compareScene(before.graph, shown.graph);
  }, [shown, before]);
  return { scene, before: before?.step ?? null };
}

/** Pan and zoom: fitted when a model or the kind of view is new, kept from step to step. */
function useViewport(arranged: Arranged | null, pane: Size) {
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: 0, zoom: 1 });
  const fittedKey = useRef('');
  const centredSerial = useRef(0);
  const centred = useStudio((studio) => studio.centred);
  useEffect(() => {
    if (arranged === null || pane.width === 0) return;
    const bounds = boundsOf(arranged.scene.union.nodes, arranged.positions);
    if (fittedKey.current === arranged.key) setViewport((current) => sidewaysInSight(bounds, pane, current));
    else setViewport(fitted(bounds, pane));
    fittedKey.current = arranged.key;
  }, [arranged, pane]);
  useEffect(() => {
    if (arranged === null || centred === null || centredSerial.current === centred.serial) return;
    const { before, after } = arranged.scene;
    const node = [...after.nodes, ...(before?.nodes ?? [])].find(({ name }) => name === centred.node);
    if (node === undefined) return;
    centredSerial.current = centred.serial;
    setViewport((current) => centredOn(node, arranged.positions, pane, current) ?? current);
  }, [arranged, centred, pane]);
  return [viewport, setViewport] as const;
}

const NOTHING_DECIDED: ReadonlyMap<string, Decision> = new Map();

/** Layers wear their decision from the step on that takes it. */
const isDecided = (step: StepName): boolean => step === 'equalize' || step === 'convert';

const decisionsOf = (layers: readonly LayerView[]): ReadonlyMap<string, Decision> =>
  new Map(layers.flatMap(({ name, decision }) => (decision === null ? [] : [[name, decision] as const])));

/** The centre of the page: the shown step's graph, alone or beside the graph before it. */
export function GraphArea() {
  const { scene, before } = useScene();
  const serial = useStudio((studio) => studio.modelSerial);
  const report = useStudio((studio) => studio.report);
  const shown = useStudio((studio) => studio.shown);
  const select = useStudio((studio) => studio.select);
  const layers = useStudio((studio) => studio.view.layers);
  const arranged = useArranged(scene, `${serial} ${before === null ? 1 : 2}`, report);
  const { ref, width, height } = useElementSize();
  const panes = arranged?.scene.before ? 2 : 1;
  const pane = useMemo(() => ({ width: width / panes, height }), [width, panes, height]);
  const [viewport, setViewport] = useViewport(arranged, pane);
  const decisions = useMemo(
    () => (isDecided(shown) ? decisionsOf(layers) : NOTHING_DECIDED),
    [shown, layers],
  );
  const title = STEP_WORDS[shown].title;
  const shared = {
    positions: arranged?.positions ?? new Map(),
    viewport,
    onViewport: setViewport,
    onBackground: () => select(null),
  };
  const showAll = () =>
    arranged && setViewport(overview(boundsOf(arranged.scene.union.nodes, arranged.positions), pane));
  return (
    <main className="canvas">
      <div className="flow-panes" ref={ref}>
        {arranged?.scene.before && (
          <FlowPane
            {...shared}
            caption={`before · ${before === null ? '' : STEP_WORDS[before].title}`}
            side={arranged.scene.before}
            decisions={before !== null && isDecided(before) ? decisions : NOTHING_DECIDED}
          />
        )}
        {arranged && (
          <FlowPane
            {...shared}
            caption={arranged.scene.before ? `after · ${title}` : title}
            side={arranged.scene.after}
            decisions={decisions}
          />
        )}
      </div>
      <ViewControls
        onZoom={(factor) => setViewport((current) => zoomed(current, factor, pane))}
        onAll={showAll}
      />
    </main>
  );
}
