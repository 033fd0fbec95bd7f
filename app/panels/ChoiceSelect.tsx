import { NativeSelect, Tooltip } from '@mantine/core';
import { useId } from 'react';
import { TermWords } from '../glossary/Term';
import { type Choice, choiceOf } from '../store/vocabulary';
import { OVER_GRAPH } from './overGraph';

interface ChoiceSelectProps<T extends string> {
  readonly label: string;
  readonly hint: string;
  /** The term of the glossary that the label is. */
  readonly term: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly disabled: boolean;
  /** Why the value cannot be chosen at all; null where it can. */
  readonly fixedReason?: string | null;
  readonly onChange: (value: T) => void;
}

/** A native select with its label beside it; choices that are not available stay listed and say why. */
export function ChoiceSelect<T extends string>(props: ChoiceSelectProps<T>) {
  const { label, hint, term, choices, value, disabled, fixedReason = null, onChange } = props;
  const id = useId();
  return (
    <Tooltip
      label={<TermWords id={term} hint={fixedReason ?? hint} />}
      events={{ hover: true, focus: true, touch: false }}
      openDelay={500}
      multiline
      maw={340}
      {...OVER_GRAPH}
    >
      <span className="field">
        <label htmlFor={id} className="term">
          {label}
        </label>
        <NativeSelect
          size="xs"
          id={id}
          value={value}
          disabled={disabled || fixedReason !== null}
          {...(fixedReason === null ? {} : { title: fixedReason })}
          onChange={(event) => {
            const choice = choiceOf(choices, event.currentTarget.value);
            if (choice !== undefined) onChange(choice);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} title={choice.title} disabled={!choice.available}>
              {choice.label}
            </option>
          ))}
        </NativeSelect>
      </span>
    </Tooltip>
  );
}
