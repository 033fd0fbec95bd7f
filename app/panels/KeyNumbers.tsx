import { useStudio } from '../store/context';
import { formatDb, formatGain, formatPercent } from './format';

/** What the whole exercise came to, always in sight under Convert. */
export function KeyNumbers() {
  const results = useStudio((studio) => studio.view.results);
  if (results === null) return null;
  const { sqnr, accuracy } = results;
  return (
    <dl className="key-numbers">
      <dt>SQNR</dt>
      <dd>
        {formatDb(sqnr.plain)} → {formatDb(sqnr.equalized)} dB
        <span className="gain"> {formatGain(sqnr.plain, sqnr.equalized)}</span>
      </dd>
      {accuracy !== null && (
        <>
          <dt>float</dt>
          <dd>{formatPercent(accuracy.float)}</dd>
          <dt>int8</dt>
          <dd>{formatPercent(accuracy.plain)}</dd>
          <dt>int8, equalized</dt>
          <dd>{formatPercent(accuracy.equalized)}</dd>
        </>
      )}
    </dl>
  );
}
