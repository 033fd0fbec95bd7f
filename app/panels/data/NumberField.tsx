import { TextInput } from '@mantine/core';
import { useState } from 'react';

interface NumberFieldProps {
  /** Its accessible name; `shown` is what stands before it. */
  readonly label: string;
  readonly shown?: string;
  /** Null is an empty field, where `mayBeEmpty`. */
  readonly value: number | null;
  readonly mayBeEmpty?: boolean;
  readonly readOnly?: boolean;
  readonly onChange: (value: number | null) => void;
}

/** A number that is typed: each valid one counts at once, and what is none is marked until it is one again. */
export function NumberField(props: NumberFieldProps) {
  const { label, shown, value, mayBeEmpty = false, readOnly = false, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const numberIn = (text: string): number | null | undefined => {
    if (text.trim() === '') return mayBeEmpty ? null : undefined;
    return Number.isFinite(Number(text)) ? Number(text) : undefined;
  };
  return (
    <span className="field">
      {shown !== undefined && <span aria-hidden>{shown}</span>}
      <TextInput
        size="xs"
        className="number-field"
        inputMode="decimal"
        aria-label={label}
        readOnly={readOnly}
        {...(readOnly ? { title: 'The model fixes it', 'data-fixed': true } : {})}
        error={typed !== null && numberIn(typed) === undefined}
        value={typed ?? (value === null ? '' : String(Number(value.toPrecision(7))))}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const next = numberIn(text);
          if (next !== undefined) onChange(next);
        }}
        onBlur={() => setTyped(null)}
      />
    </span>
  );
}
