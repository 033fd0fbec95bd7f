import { useStudio } from '../store/context';
import { formatDb, formatPercent } from './format';

/** What the whole exercise came to, always in sight under Convert. */
export function KeyNumbers() {
  const results = useStudio((studio) => studio.view.results);
  if (results === null) return null;
  const { sqnr, accuracy } = results;
  return (
    <dl className="key-numbers" title="int8 → int8 equalized, against the float model">
      <dt>SQNR</dt>
      <dd>
        {formatDb(sqnr.plain)} → {formatDb(sqnr.equalized)} dB
      </dd>
      {accuracy !== null && (
        <>
          <dt>accuracy</dt>
          <dd>
            {formatPercent(accuracy.plain)} → {formatPercent(accuracy.equalized)}
          </dd>
          <dt>float</dt>
          <dd>{formatPercent(accuracy.float)}</dd>
        </>
      )}
    </dl>
  );
}
