import type { Results } from '../../src/index';
import { Term } from '../glossary/Term';
import { showsTwo } from '../store/compare/sides';
import { useStudio } from '../store/context';
import { isGenerated } from '../store/generatedSamples';
import { formatCorrect, formatDb, formatGain, formatPercent, gainTone, tidy } from './format';
import { GeneratedTag } from './GeneratedTag';
import { LossNote } from './LossNote';

function Accuracy({ results, labelled }: { results: Results; labelled: number | null }) {
  if (results.accuracy === null) return null;
  const { float, plain, equalized } = results.accuracy;
  const tone = equalized > plain ? 'better' : equalized < plain ? 'worse' : '';
  const figures = [
    { name: 'float', fraction: float, tone: '' },
    { name: 'int8', fraction: plain, tone: '' },
    { name: 'int8 equalized', fraction: equalized, tone },
  ];
  return figures.map(({ name, fraction, tone }) => (
    <div key={name}>
      <dt>accuracy, {name}</dt>
      <dd>
        <b className={tone}>{formatPercent(fraction)}</b> <small>{formatCorrect(fraction, labelled)}</small>
      </dd>
    </div>
  ));
}

/** What the whole exercise came to, over the graph from Convert on: int8 plain against equalized. */
export function Verdict() {
  const convert = useStudio((studio) => studio.view.steps.convert);
  const results = useStudio((studio) => studio.view.results);
  const evaluation = useStudio((studio) => studio.view.evaluation);
  const isMadeUp = useStudio(({ view }) => isGenerated(view.calibration));
  // Two graphs side by side need the room: there the remarks make way, and the figures stay.
  const isBeside = useStudio(showsTwo);
  if (convert === undefined || results === null) return null;
  const { sqnr } = results;
  return (
    <section className="verdict" aria-label="Result of Convert">
      <dl>
        <div>
          <dt>
            output{' '}
            <Term
              id="sqnr"
              hint="Power of the float model’s output over the power of the int8 model’s error, on the calibration data."
            />
            , int8 → equalized
          </dt>
          <dd>
            {formatDb(sqnr.plain)} → {formatDb(sqnr.equalized)} dB{' '}
            <b className={gainTone(sqnr)}>{formatGain(sqnr.plain, sqnr.equalized)}</b>{' '}
            {isMadeUp && <GeneratedTag />}
          </dd>
        </div>
        <Accuracy results={results} labelled={evaluation?.labels === true ? evaluation.samples : null} />
      </dl>
      {!isBeside && <LossNote />}
      {!isBeside && convert.warning !== null && (
        <p className="verdict-warning" title={tidy(convert.warning)}>
          <span aria-hidden>⚠ </span>
          {tidy(convert.warning)}
        </p>
      )}
    </section>
  );
}
