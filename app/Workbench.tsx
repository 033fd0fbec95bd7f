import { startTransition, useEffect, useState } from 'react';
import { FirstPicture } from './flow/first/FirstPicture';
import { GraphArea } from './flow/GraphArea';
import { Outline } from './outline/Outline';
import { BottomPanel } from './panels/BottomPanel';
import { Boundary } from './panels/Boundary';
import { Inspector } from './panels/Inspector';
import { whenIdle } from './whenIdle';

const PARTS = 4;

/** The graph comes first; a part waits no longer than this for it. */
const PART_WAIT_MS = 200;

/** How many parts are there: one more in each task, so that none is long and the graph need not wait for the others. */
function usePartsSoFar(): number {
  const [parts, setParts] = useState(1);
  useEffect(() => {
    if (parts === PARTS) return;
    return whenIdle(() => startTransition(() => setParts(parts + 1)), PART_WAIT_MS);
  }, [parts]);
  return parts;
}

/** The work on an open model: graph, inspector, and what concerns all nodes. */
export function Workbench() {
  const parts = usePartsSoFar();
  return (
    <>
      {parts > 3 && (
        <Boundary part="the outline">
          <Outline />
        </Boundary>
      )}
      <Boundary part="the graph">
        <GraphArea />
      </Boundary>
      <Boundary part="the first picture of the graph">
        <FirstPicture />
      </Boundary>
      {parts > 1 && (
        <Boundary part="the inspector">
          <Inspector />
        </Boundary>
      )}
      {parts > 2 && (
        <Boundary part="the lower panel">
          <BottomPanel />
        </Boundary>
      )}
    </>
  );
}
