import { CloseButton } from '@mantine/core';
import { useStudio } from '../store/context';
import { Part } from '../store/parts/Part';
import { useWindowSize } from '../useWindowSize';
import { ModelSummary } from './ModelSummary';
import { NodeFailure } from './NodeFailure';
import { NodeInspector } from './NodeInspector';

function Inspected() {
  const selected = useStudio((studio) => studio.selected);
  const details = useStudio((studio) => studio.details);
  const error = useStudio((studio) => studio.detailsError);
  const busy = useStudio((studio) => studio.job !== null);
  const { isNarrow } = useWindowSize();
  const isOpen = useStudio((studio) => studio.inspectorOpen);
  const open = useStudio((studio) => studio.openInspector);
  if (isNarrow && !isOpen) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys
    <aside className="inspector" id="inspector" aria-label="Inspector" tabIndex={0}>
      {isNarrow && (
        <CloseButton
          className="inspector-close"
          aria-label="Close the inspector"
          onClick={() => open(false)}
        />
      )}
      {selected === null && <ModelSummary />}
      {selected !== null && details !== null && <NodeInspector details={details} />}
      {selected !== null && details === null && (
        <>
          <h2 className="inspector-name">{selected}</h2>
          <NodeFailure node={selected} />
          {error === null ? (
            <p className="dim">
              {busy ? 'Shown when the run is done.' : "Not in this step's graph, nor in the one before it."}
            </p>
          ) : (
            <p role="alert" className="step-failure">
              {error}
            </p>
          )}
        </>
      )}
    </aside>
  );
}

/** The right side: the selected node, or the model when none is. In a narrow window a drawer over the graph. */
export function Inspector() {
  return (
    <Part id="inspector">
      <Inspected />
    </Part>
  );
}
