import type { Explanation } from '../../../src/index';
import { tidy } from '../../panels/format';
import { useStudio } from '../../store/context';
import { currentChange } from '../../store/playback/position';

/** `s[3] = sqrt(…) = sqrt((0.82 − −0.79) / …) = 0.141` */
function FormulaLine({ formula }: { formula: Explanation['formulas'][number] }) {
  const { left, symbols, numbers, result } = formula;
  return (
    <p className="formula">
      <b>{left}</b>
      {symbols !== '' && <span> = {symbols}</span>}
      {numbers !== '' && <span> = {numbers}</span>}
      <span>
        {' '}
        = <b>{result}</b>
      </span>
    </p>
  );
}

/** Which column, row or channel the formulas are of. */
function PartChoice({ choice }: { choice: NonNullable<Explanation['choice']> }) {
  const explain = useStudio((studio) => studio.explainPart);
  const last = choice.count - 1;
  return (
    <label className="part-choice">
      {choice.what}
      <input
        type="number"
        min={0}
        max={last}
        value={choice.chosen}
        onChange={(event) => {
          const part = event.currentTarget.valueAsNumber;
          if (Number.isInteger(part) && part >= 0 && part <= last) void explain(part);
        }}
      />
      <span className="dim">of 0 … {last}</span>
    </label>
  );
}

/** What the change at the position did, why, and with which numbers. */
export function ChangeExplanation() {
  const sentence = useStudio((studio) => currentChange(studio)?.change.sentence ?? null);
  const explanation = useStudio((studio) => studio.explanation);
  if (sentence === null)
    return (
      <div className="explanation">
        <p className="explanation-what">The graph before the first change of this step.</p>
      </div>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys
    <section className="explanation" tabIndex={0} aria-label="The change">
      <p className="explanation-what" aria-live="polite">
        {tidy(sentence)}
      </p>
      {explanation !== null && (
        <>
          {explanation.why !== '' && <p className="explanation-why">{tidy(explanation.why)}</p>}
          {explanation.lines !== null && (
            <p className="formula lines">
              <del>{explanation.lines.before}</del>
              <ins>{explanation.lines.after}</ins>
            </p>
          )}
          {explanation.formulas.map((formula) => (
            <FormulaLine key={formula.left} formula={formula} />
          ))}
          {explanation.choice !== null && <PartChoice choice={explanation.choice} />}
        </>
      )}
    </section>
  );
}
