import { NativeSelect, Tooltip } from '@mantine/core';
import { useId } from 'react';
import type { QConfigName } from '../../src/index';
import { useStudio } from '../store/context';
import { type Choice, choiceOf, METHODS, QCONFIGS, SEMANTICS } from '../store/vocabulary';
import { Segmented } from './Segmented';

interface ChoiceSelectProps<T extends string> {
  readonly label: string;
  readonly hint: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly disabled: boolean;
  readonly onChange: (value: T) => void;
}

/** A native select with its label beside it; choices that are not available stay listed and say why. */
function ChoiceSelect<T extends string>(props: ChoiceSelectProps<T>) {
  const { label, hint, choices, value, disabled, onChange } = props;
  const id = useId();
  return (
    <Tooltip label={hint} openDelay={500} multiline maw={280}>
      <span className="field">
        <label htmlFor={id}>{label}</label>
        <NativeSelect
          size="xs"
          id={id}
          value={value}
          disabled={disabled}
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

const qconfigWords = (name: QConfigName): string | undefined =>
  QCONFIGS.find(({ value }) => value === name)?.title;

/** What every step is computed from. They rest while a job runs on the old settings. */
export function SettingsControls() {
  const settings = useStudio((studio) => studio.settings);
  const busy = useStudio((studio) => studio.job !== null);
  const change = useStudio((studio) => studio.changeSettings);
  return (
    <>
      <Segmented
        label="Semantics"
        choices={SEMANTICS}
        value={settings.semantics}
        disabledReason={busy ? 'A job is running on these settings' : null}
        onChange={(semantics) => void change({ semantics })}
      />
      <ChoiceSelect
        label="QConfig"
        hint={`How activations and weights are observed and quantized. ${settings.qconfig}: ${qconfigWords(settings.qconfig)}.`}
        choices={QCONFIGS}
        value={settings.qconfig}
        disabled={busy}
        onChange={(qconfig) => void change({ qconfig })}
      />
      <ChoiceSelect
        label="Method"
        hint="How the equalization scale follows from the column ranges"
        choices={METHODS}
        value={settings.method}
        disabled={busy}
        onChange={(method) => void change({ method })}
      />
    </>
  );
}
