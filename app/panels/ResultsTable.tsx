import { useStudio } from '../store/context';
import { formatDb, formatNumber, formatPercent } from './format';

/** How well the quantized models do, plain and equalized, and how exact the equalized float model is. */
export function ResultsTable() {
  const results = useStudio((studio) => studio.view.results);
  const labelled = useStudio((studio) => studio.view.evaluation?.labels === true);
  if (results === null) return <p className="empty">Nothing to compare yet: the int8 models come last.</p>;
  const { sqnr, accuracy, verification } = results;
  const rows = [
    { name: 'float', accuracy: accuracy?.float, sqnr: '' },
    { name: 'int8', accuracy: accuracy?.plain, sqnr: formatDb(sqnr.plain) },
    { name: 'int8, equalized', accuracy: accuracy?.equalized, sqnr: formatDb(sqnr.equalized) },
  ];
  return (
    <div className="results">
      <table className="grid">
        <thead>
          <tr>
            <th className="text">model</th>
            <th>accuracy</th>
            <th>SQNR, dB</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-result={row.name}>
              <th className="text" scope="row">
                {row.name}
              </th>
              <td>{formatPercent(row.accuracy)}</td>
              <td>{row.sqnr}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="results-notes">
        {verification !== null && (
          <p>
            Equalized float model against the original, on the calibration data: largest error{' '}
            <code>{formatNumber(verification.maxAbsError)}</code>, relative to the largest output{' '}
            <code>{formatNumber(verification.maxRelError)}</code>.
          </p>
        )}
        <p>SQNR: the float model's output power over the power of the int8 model's error.</p>
        {!labelled && <p>Accuracy needs evaluation data with an integer array “labels” or “y”.</p>}
      </div>
    </div>
  );
}
