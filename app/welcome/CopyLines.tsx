import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

type Outcome = 'copied' | 'refused' | null;
const WORDS = { copied: 'Copied', refused: 'Not copied: select the lines' } as const;

/** How long the button says what came of it. */
const SHOWN_MS = 2500;

/** Lines of code with a button that copies them. A browser may forbid that, which the button says. */
export function CopyLines({ label, lines }: { label: string; lines: readonly string[] }) {
  const [outcome, setOutcome] = useState<Outcome>(null);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const say = (next: Outcome) => {
    setOutcome(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOutcome(null), SHOWN_MS);
  };
  const copy = () =>
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => say('copied'),
      () => say('refused'),
    );
  return (
    <div className="copy-lines">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <pre tabIndex={0}>
        {lines.map((line) => (
          <code key={line}>{line}</code>
        ))}
      </pre>
      <Button size="compact-xs" variant="default" aria-label={`Copy ${label}`} onClick={() => void copy()}>
        {outcome === null ? 'Copy' : WORDS[outcome]}
      </Button>
      <span className="visually-hidden" aria-live="polite">
        {outcome === null ? '' : WORDS[outcome]}
      </span>
    </div>
  );
}
