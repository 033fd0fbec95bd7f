import { useStudio } from '../store/context';
import { type Choice, choiceOf } from '../store/vocabulary';

interface SmallSelectProps<T extends string> {
  /** Its accessible name; what stands around it names it for the eye. */
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  /** Null when nothing is chosen: then `prompt` stands there. */
  readonly value: T | null;
  readonly prompt?: string;
  /** Why nothing can be chosen; null when it can. */
  readonly disabledReason?: string | null;
  /** For what is only looked at: it does not rest while a job runs. */
  readonly always?: boolean;
  readonly onChoose: (choice: T) => void;
}

/** A native select for tables and toolbars, light enough for hundreds of rows. It rests while a job runs. */
export function SmallSelect<T extends string>(props: SmallSelectProps<T>) {
  const { label, choices, value, prompt, disabledReason = null, always = false, onChoose } = props;
  const busy = useStudio((studio) => studio.job !== null);
  return (
    <select
      className="small-select"
      aria-label={label}
      title={disabledReason ?? undefined}
      value={value ?? ''}
      disabled={(busy && !always) || disabledReason !== null}
      onChange={(event) => {
        const choice = choiceOf(choices, event.currentTarget.value);
        if (choice !== undefined) onChoose(choice);
      }}
    >
      {prompt !== undefined && <option value="">{prompt}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} title={choice.title} disabled={!choice.available}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
