import { Tooltip } from '@mantine/core';
import { useId } from 'react';
import { TermWords } from '../glossary/Term';
import type { Choice } from '../store/vocabulary';
import { OVER_GRAPH } from './overGraph';

interface SegmentedProps<T extends string> {
  readonly label: string;
  /** The term of the glossary that the label is; it is not in sight, so the choices explain it. */
  readonly term?: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Why none can be chosen now; null when they can. */
  readonly disabledReason?: string | null;
  /** Whether it stands about the graph. */
  readonly isByGraph?: boolean;
}

/** A row of native radios that look like one switch: arrow keys move it, screen readers know it. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, term, choices, value, onChange, disabledReason = null, isByGraph = false } = props;
  const group = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <Tooltip
          key={choice.value}
          label={<TermWords id={term} hint={disabledReason ?? choice.title} />}
          events={{ hover: true, focus: true, touch: false }}
          openDelay={500}
          multiline
          maw={340}
          withinPortal
          {...(isByGraph && OVER_GRAPH)}
        >
          <label>
            <input
              type="radio"
              name={group}
              value={choice.value}
              checked={choice.value === value}
              disabled={disabledReason !== null || !choice.available}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        </Tooltip>
      ))}
    </div>
  );
}
