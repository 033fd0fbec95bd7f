import { Button } from '@mantine/core';
import { useState } from 'react';
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

/** So many places are listed at a time: a table of thousands keeps the page busy for seconds. */
const LISTED = 50;

/** Lists as many again; the list grows behind the button, which goes away with the last of them. */
function MorePlaces({ left, onMore }: { left: number; onMore: () => void }) {
  if (left <= 0) return null;
  return (
    <Button size="compact-xs" variant="default" className="more-places" onClick={onMore}>
      Show {Math.min(LISTED, left)} of {countOf(left, 'more place')}
    </Button>
  );
}

function Places({ comparison }: { comparison: SemanticsComparison }) {
  const { differences } = comparison;
  // The next comparison begins with the first of its own.
  const [asked, setAsked] = useState({ of: differences, listed: LISTED });
  const listed = asked.of === differences ? asked.listed : LISTED;
  return (
    <>
      <PlacesTable differences={differences.slice(0, listed)} count={differences.length} />
      <MorePlaces
        left={differences.length - listed}
        onMore={() => setAsked({ of: differences, listed: listed + LISTED })}
      />
    </>
  );
}

interface PlacesTableProps {
  readonly differences: readonly SemanticsDifference[];
  /** Of all places, those that are not listed among them. */
  readonly count: number;
}

function PlacesTable({ differences, count }: PlacesTableProps) {
  return (
    <table className="grid places">
      <caption>Exact and PyTorch differ in {countOf(count, 'place')}</caption>
      <thead>
        <tr>
          <th className="text">node</th>
          <th className="text">Exact</th>
          <th className="text">PyTorch</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
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
