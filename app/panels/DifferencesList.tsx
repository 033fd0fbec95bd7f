import type { SemanticsComparison, SemanticsDifference } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { placeOf } from '../store/differences';
import { tidy } from './format';
import { SemanticsFiguresTable } from './SemanticsFiguresTable';

/** Leads to the place in the graph, at the step that shows it. */
function PlaceLink({ difference }: { difference: SemanticsDifference }) {
  const place = useStudio((studio) => placeOf(studio.view, studio.shown, difference)?.step);
  const view = useStudio((studio) => studio.view);
  const shown = useStudio((studio) => studio.shown);
  const showStep = useStudio((studio) => studio.showStep);
  const goTo = useStudio((studio) => studio.goTo);
  if (place === undefined) return difference.node;
  return (
    <a
      href={`#${difference.node}`}
      onClick={(event) => {
        event.preventDefault();
        const target = placeOf(view, shown, difference);
        if (target === null) return;
        if (target.step !== shown) showStep(target.step);
        goTo(target.node);
      }}
    >
      {difference.node}
    </a>
  );
}

function Places({ comparison }: { comparison: SemanticsComparison }) {
  return (
    <table className="grid places">
      <caption>Exact and PyTorch differ in {countOf(comparison.differences.length, 'place')}</caption>
      <thead>
        <tr>
          <th className="text">node</th>
          <th className="text">Exact</th>
          <th className="text">PyTorch</th>
        </tr>
      </thead>
      <tbody>
        {comparison.differences.map((difference) => (
          <tr key={`${difference.node} ${difference.exact}`} data-difference={difference.node}>
            <th className="text" scope="row">
              <PlaceLink difference={difference} />
            </th>
            <td className="text sentence">{tidy(difference.exact)}</td>
            <td className="text sentence">{tidy(difference.pytorch)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** An error of one semantics that no node of the graph stands for. */
function StepErrors({ comparison: { exact, pytorch } }: { comparison: SemanticsComparison }) {
  const error = exact.error ?? pytorch.error;
  if (error === null || error.node !== null) return null;
  return <p className="empty">{tidy(error.message)}</p>;
}

/** Behind Convert: every place where the two semantics part, each leading to its node. */
export function DifferencesList() {
  const outcome = useStudio((studio) => studio.view.comparison);
  if (outcome === null) return null;
  if (outcome.kind === 'stopped')
    return <p className="empty">Exact and PyTorch were not compared. {tidy(outcome.reason)}</p>;
  const { comparison } = outcome;
  const hasError = comparison.exact.error !== null || comparison.pytorch.error !== null;
  return (
    <section className="differences-list" aria-label="Exact and PyTorch compared">
      {comparison.differences.length > 0 && <Places comparison={comparison} />}
      {comparison.differences.length === 0 && !hasError && (
        <p className="empty">Exact and PyTorch come to the same on this model, data and settings.</p>
      )}
      <StepErrors comparison={comparison} />
      <SemanticsFiguresTable comparison={comparison} layers={[]} />
    </section>
  );
}
