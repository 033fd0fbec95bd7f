import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStudio, useStudioStore } from '../store/context';
import { type Entry, entriesOf, found } from './entries';
import { KeyCaps } from './KeyCaps';
import { PageDialog } from './PageDialog';

interface OptionProps {
  readonly entry: Entry;
  readonly id: string;
  readonly isCurrent: boolean;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}

function Option({ entry, id, isCurrent, onPoint, onRun }: OptionProps) {
  const { title, note, group, keys, reason } = entry;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the field points to it by aria-activedescendant
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      aria-disabled={reason !== null}
      className="palette-option"
      onMouseMove={onPoint}
      onClick={onRun}
    >
      <span className="palette-title">{title}</span>
      <span className="palette-note">{reason ?? (note === '' ? group : note)}</span>
      {keys !== null && <KeyCaps keys={keys} />}
    </div>
  );
}

/** Which entry is current, moved by the arrow keys; it stays in sight. */
function useCurrent(count: number, idOf: (index: number) => string) {
  const [at, setAt] = useState(0);
  const current = Math.min(at, count - 1);
  const id = current < 0 ? undefined : idOf(current);
  useEffect(() => {
    if (id !== undefined) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  const step = (offset: number) => setAt((current + offset + count) % Math.max(1, count));
  return { current, id, setAt, step };
}

/** What was found, with the dialog's own way to run it. */
function useSearch() {
  const store = useStudioStore();
  const show = useStudio((studio) => studio.showOverlay);
  const [query, setQuery] = useState('');
  // As it was when the palette was opened: what runs behind it must not move the lines.
  const entries = useMemo(() => entriesOf(store.getState()), [store]);
  const result = useMemo(() => found(entries, query), [entries, query]);
  const close = () => show(null);
  const run = (entry: Entry | undefined) => {
    if (entry === undefined || entry.reason !== null) return;
    // The focus is back on the page before the action may move it.
    flushSync(close);
    entry.run();
  };
  return { query, setQuery, result, close, run };
}

/** Everything that can be done, and every node, found by its words. */
export function Palette() {
  const { query, setQuery, result, close, run } = useSearch();
  const list = useId();
  const idOf = (index: number) => `${list}-${index}`;
  const { current, id, setAt, step } = useCurrent(result.entries.length, idOf);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const offset = moves[event.key];
    if (offset !== undefined) {
      event.preventDefault();
      if (Math.abs(offset) === 1) step(offset);
      else setAt(Math.max(0, Math.min(result.entries.length - 1, current + offset)));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(result.entries[current]);
    }
  };
  return (
    <PageDialog label="Command palette" className="palette" onClose={close}>
      <input
        role="combobox"
        className="palette-field"
        aria-label="Search actions, samples, layers and nodes"
        placeholder="Search actions, samples, layers and nodes"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={id}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label="Found" className="palette-list">
        {result.entries.map((entry, index) => (
          <Option
            key={entry.id}
            entry={entry}
            id={idOf(index)}
            isCurrent={index === current}
            onPoint={() => setAt(index)}
            onRun={() => run(entry)}
          />
        ))}
      </div>
      <p className="palette-foot" aria-live="polite">
        {result.entries.length === 0
          ? `Nothing is called “${query}”: try a step, a setting, an export, or part of a node’s name.`
          : `${result.entries.length} found${result.more > 0 ? `, ${result.more} more with a longer word` : ''} · ↑ ↓ choose, Enter runs, Esc closes`}
      </p>
    </PageDialog>
  );
}
