import { Checkbox, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { TermWords } from '../glossary/Term';
import { useStudio } from '../store/context';
import { METHODS } from '../store/vocabulary';
import { ChoiceSelect } from './ChoiceSelect';
import { OVER_GRAPH } from './overGraph';
import { PYTORCH_ONLY } from './words';

const methodTitle = (value: string): string | undefined =>
  METHODS.find((choice) => choice.value === value)?.title;

/** α of a text; null where it is none. */
function alphaIn(text: string): number | null {
  const alpha = Number(text);
  return text.trim() !== '' && alpha >= 0 && alpha <= 1 ? alpha : null;
}

/** Takes each valid value over at once; what is no α says so, and gives way to the α that counts when the field is left. */
function AlphaInput() {
  const alpha = useStudio((studio) => studio.settings.alpha);
  const busy = useStudio((studio) => studio.job !== null);
  const change = useStudio((studio) => studio.changeSettings);
  const [typed, setTyped] = useState<string | null>(null);
  const isInvalid = typed !== null && alphaIn(typed) === null;
  const hint = isInvalid
    ? 'α is a number from 0 to 1'
    : 'How much of the difficulty moves from the input to the weight: 0 evens out the weight alone, 1 the input; 0.5 is the paper’s';
  return (
    <Tooltip
      label={isInvalid ? hint : <TermWords id="alpha" hint={hint} />}
      openDelay={500}
      multiline
      maw={280}
      {...OVER_GRAPH}
      {...(isInvalid ? { opened: true } : {})}
    >
      <span className="field">
        <span aria-hidden>α</span>
        <TextInput
          type="number"
          size="xs"
          className="alpha"
          aria-label="SmoothQuant α"
          min={0}
          max={1}
          step={0.05}
          readOnly={busy}
          error={isInvalid}
          value={typed ?? String(alpha)}
          onChange={(event) => {
            const text = event.currentTarget.value;
            const next = alphaIn(text);
            setTyped(text);
            if (next !== null && next !== alpha) void change({ alpha: next });
          }}
          onBlur={() => setTyped(null)}
        />
      </span>
    </Tooltip>
  );
}

function AbsorbBias() {
  const absorbs = useStudio((studio) => studio.settings.absorbBias);
  const busy = useStudio((studio) => studio.job !== null);
  const change = useStudio((studio) => studio.changeSettings);
  return (
    <Tooltip
      label="High biases move to the layers behind. The function is the same as long as values fall no lower than on calibration data (Nagel et al. 2019, section 4.1)."
      openDelay={500}
      multiline
      maw={280}
      {...OVER_GRAPH}
    >
      <span className="field">
        <Checkbox
          size="xs"
          label="Absorb high biases"
          checked={absorbs}
          disabled={busy}
          onChange={(event) => void change({ absorbBias: event.currentTarget.checked })}
        />
      </span>
    </Tooltip>
  );
}

/** How scales are found, with what the method depends on beside it, in a place that it always has. */
export function MethodControls() {
  const { semantics, method: chosen } = useStudio((studio) => studio.settings);
  const busy = useStudio((studio) => studio.job !== null);
  const change = useStudio((studio) => studio.changeSettings);
  const isFixed = semantics === 'pytorch';
  const method = isFixed ? 'input-weight' : chosen;
  return (
    <>
      <ChoiceSelect
        label="Method"
        term="method"
        hint={`How the equalization scale is found. ${method}: ${methodTitle(method)}.`}
        choices={METHODS}
        value={method}
        disabled={busy}
        fixedReason={isFixed ? PYTORCH_ONLY : null}
        onChange={(value) => void change({ method: value })}
      />
      <span className="method-option">
        {method === 'smoothquant' && <AlphaInput />}
        {method === 'cross-layer' && <AbsorbBias />}
      </span>
    </>
  );
}
