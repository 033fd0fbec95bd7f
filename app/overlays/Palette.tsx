import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStudio, useStudioStore } from '../store/context';
import { grouped } from '../store/counting';
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
  // One step goes round, a page stops at the ends.
  const step = (offset: number) =>
    setAt(
      Math.abs(offset) === 1
        ? (current + offset + count) % Math.max(1, count)
        : Math.max(0, Math.min(count - 1, current + offset)),
    );
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

const MOVES: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The field's keys move the current entry and run it. */
const keysOf = (step: (offset: number) => void, run: () => void) => (event: KeyboardEvent) => {
  const offset = MOVES[event.key];
  const isRun = event.key === 'Enter' && !event.nativeEvent.isComposing;
  if (offset === undefined && !isRun) return;
  event.preventDefault();
  if (offset === undefined) run();
  else step(offset);
};

function Foot({ query, count, more }: { query: string; count: number; more: number }) {
  return (
    <p className="palette-foot" aria-live="polite">
      {count === 0
        ? `Nothing is called “${query}”: try a step, a setting, an export, or part of a node’s name.`
        : `${grouped(count)} found${more > 0 ? `, ${grouped(more)} more with a longer word` : ''} · ↑ ↓ choose, Enter runs, Esc closes`}
    </p>
  );
}

/** Everything that can be done, and every node, found by its words. */
export function Palette() {
  const { query, setQuery, result, close, run } = useSearch();
  const list = useId();
  const idOf = (index: number) => `${list}-${index}`;
  const { current, id, setAt, step } = useCurrent(result.entries.length, idOf);
  const search = (words: string) => {
    setQuery(words);
    setAt(0);
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
        onChange={(event) => search(event.currentTarget.value)}
        onKeyDown={keysOf(step, () => run(result.entries[current]))}
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
      <Foot query={query} count={result.entries.length} more={result.more} />
    </PageDialog>
  );
}
