import { useStudio } from '../store/context';
import { ModelSummary } from './ModelSummary';
import { NodeInspector } from './NodeInspector';

/** The right side: the selected node, or the model when none is. */
export function Inspector() {
  const selected = useStudio((studio) => studio.selected);
  const details = useStudio((studio) => studio.details);
  const error = useStudio((studio) => studio.detailsError);
  return (
    <aside className="inspector" aria-label="Inspector">
      {selected === null && <ModelSummary />}
      {selected !== null && details !== null && <NodeInspector details={details} />}
      {selected !== null && details === null && (
        <>
          <h2 className="inspector-name">{selected}</h2>
          {error === null ? (
            <p className="dim">Not in this step's graph, nor in the one before it.</p>
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
