import { Button, CopyButton } from '@mantine/core';
import { useStudio } from '../store/context';
import { shownText } from '../store/playback/shownText';
import { STEP_WORDS } from '../store/vocabulary';

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
        <pre data-testid="fx-text">{text}</pre>
      </section>
    </div>
  );
}
