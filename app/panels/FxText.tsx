import { Button, CopyButton } from '@mantine/core';
import { useMemo } from 'react';
import { useStudio } from '../store/context';
import { shownText } from '../store/playback/shownText';
import { STEP_WORDS } from '../store/vocabulary';

/** Lines of a block of text that is laid out when it comes near. */
const BLOCK = 100;

interface Block {
  readonly text: string;
  readonly lines: number;
}

/** The text's lines with their ends, in blocks. */
const blocksOf = (text: string): readonly Block[] => {
  const lines = text.split(/(?<=\n)/);
  return Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, i) => {
    const held = lines.slice(i * BLOCK, (i + 1) * BLOCK);
    return { text: held.join(''), lines: held.length };
  });
};

/** No spread: a text may have more lines than a call takes arguments. */
const widestOf = (text: string): number =>
  text.split('\n').reduce((widest, { length }) => Math.max(widest, length), 0);

/** A text of thousands of lines is laid out block by block, as it is scrolled: as one it kept the page busy for long. */
function FxLines({ text }: { text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  const widest = useMemo(() => widestOf(text), [text]);
  if (blocks.length === 1) return text;
  return blocks.map(({ text: held, lines }, i) => (
    <span
      // The text is fixed: a block has no other name than its place.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      key={i}
      className="fx-block"
      style={{ minWidth: `${widest}ch`, containIntrinsicHeight: `auto ${lines}lh` }}
    >
      {held}
    </span>
  ));
}

/** The shown step's graph as FX prints it. */
export function FxText() {
  const shown = useStudio((studio) => studio.shown);
  const text = useStudio(shownText);
  if (text === undefined) return <p className="empty">{STEP_WORDS[shown].title} has not run yet.</p>;
  return (
    <div className="fx-text">
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button className="copy" size="compact-xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <section tabIndex={0} className="fx-scroll" aria-label={`FX text after ${STEP_WORDS[shown].title}`}>
        <pre data-testid="fx-text">
          <FxLines text={text} />
        </pre>
      </section>
    </div>
  );
}
