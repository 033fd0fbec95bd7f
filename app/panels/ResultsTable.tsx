import type { Results } from '../../src/index';
import { Term } from '../glossary/Term';
import { useStudio } from '../store/context';
import { isGenerated } from '../store/generatedSamples';
import { DifferencesList } from './DifferencesList';
import { formatCorrect, formatDb, formatNumber, formatPercent } from './format';
import { GeneratedTag } from './GeneratedTag';
import { RunsTable, useStandingRun } from './RunsTable';

interface ModelsTableProps {
  readonly caption: string;
  readonly results: Results;
  readonly labelled: number | null;
  readonly isMadeUp: boolean;
}

/** Float, int8 and int8 equalized of one run. */
function ModelsTable({ caption, results: { sqnr, accuracy }, labelled, isMadeUp }: ModelsTableProps) {
  const rows = [
    { name: 'float', accuracy: accuracy?.float, sqnr: '' },
    { name: 'int8', accuracy: accuracy?.plain, sqnr: formatDb(sqnr.plain) },
    { name: 'int8, equalized', accuracy: accuracy?.equalized, sqnr: formatDb(sqnr.equalized) },
  ];
  return (
    <table className="grid">
      <caption>
        {caption} {isMadeUp && <GeneratedTag />}
      </caption>
      <thead>
        <tr>
          <th className="text">model</th>
          <th>accuracy</th>
          <th>correct</th>
          <th>
            <Term id="sqnr" />, dB
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} data-result={row.name}>
            <th className="text" scope="row">
              {row.name}
            </th>
            <td>{formatPercent(row.accuracy)}</td>
            <td>{formatCorrect(row.accuracy, labelled) || '—'}</td>
            <td>{row.sqnr}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ResultsNotes({
  verification,
  labelled,
}: {
  verification: Results['verification'];
  labelled: boolean;
}) {
  return (
    <div className="results-notes">
      {verification !== null && (
        <p>
          Equalized float model against the original, on the calibration data: largest error{' '}
          <code>{formatNumber(verification.maxAbsError)}</code>,{' '}
          <Term id="relative-error">relative to the largest output</Term>{' '}
          <code>{formatNumber(verification.maxRelError)}</code>.
        </p>
      )}
      <p>
        <Term id="sqnr" />: the float model's output power over the power of the int8 model's error. How much
        is a <Term id="good-sqnr" />?
      </p>
      {!labelled && <p>Accuracy needs evaluation data with an integer array “labels” or “y”.</p>}
    </div>
  );
}

/** How well the quantized models do in the run that is shown, or else the last one, and in the others. */
export function ResultsTable() {
  const standing = useStandingRun();
  const last = useStudio((studio) => studio.runs.at(-1));
  const isShownMadeUp = useStudio(({ view }) => isGenerated(view.calibration));
  const run = standing ?? last;
  if (run === undefined) return <p className="empty">Nothing to compare yet: click Convert.</p>;
  const { results, labelled } = run;
  return (
    <div className="results">
      <ModelsTable
        caption={standing === null ? `Run ${run.serial}, with other settings` : 'This run'}
        results={results}
        labelled={labelled}
        isMadeUp={standing === null ? run.generated === true : isShownMadeUp}
      />
      <RunsTable />
      <ResultsNotes verification={results.verification} labelled={labelled !== null} />
      <DifferencesList />
    </div>
  );
}
