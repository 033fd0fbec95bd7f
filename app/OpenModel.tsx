import { Button } from '@mantine/core';
import { startTransition, useEffect, useState, useSyncExternalStore } from 'react';
import { FirstPicture } from './flow/first/FirstPicture';
import { firstPictures } from './flow/first/pictures';
import { Boundary } from './panels/Boundary';
import { loadWorkbench, onWorkbench, workbenchState } from './workbenchLoad';

/** So long the first picture of the graph goes before the panes; a layout that takes longer is shown by them. */
const PICTURE_WAIT_MS = 200;

/** Calls back behind the next picture that the browser paints; a page out of sight has none to wait for. Gives what takes it back. */
function afterPaint(run: () => void): () => void {
  let timer = window.setTimeout(run, PICTURE_WAIT_MS);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = window.setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** Whether the parts may be made that keep the page busy: behind the graph's first picture, if there is to be one. */
function useTurn(): boolean {
  const { state } = useSyncExternalStore(firstPictures.subscribe, firstPictures.get);
  const [hasCome, setHasCome] = useState(state === 'none');
  useEffect(() => {
    if (hasCome) return;
    const come = () => startTransition(() => setHasCome(true));
    if (state !== 'coming') return afterPaint(come);
    const timer = setTimeout(come, PICTURE_WAIT_MS);
    return () => clearTimeout(timer);
  }, [hasCome, state]);
  return hasCome;
}

/** While a model is open: the graph's first picture, then the workbench, which holds that picture until it draws itself. */
export function OpenModel() {
  const bench = useSyncExternalStore(onWorkbench, workbenchState);
  const hasTurn = useTurn();
  useEffect(() => {
    if (hasTurn) void loadWorkbench();
  }, [hasTurn]);
  if (bench.kind === 'there' && hasTurn) return <bench.Workbench />;
  if (bench.kind !== 'failed')
    return (
      <Boundary part="the first picture of the graph">
        <FirstPicture />
      </Boundary>
    );
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
