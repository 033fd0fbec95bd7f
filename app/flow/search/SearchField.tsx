import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { tidy } from '../../panels/format';
import { useStudio } from '../../store/context';
import type { Match } from './matches';

interface SearchFieldProps {
  readonly matches: readonly Match[];
  readonly goTo: (match: Match) => void;
}

/** As many rows as are made at once; the count says how many there are. */
const LISTED = 100;

function Row({
  match,
  id,
  isActive,
  onPick,
}: {
  match: Match;
  id: string;
  isActive: boolean;
  onPick: () => void;
}) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div ref={row} id={id} role="option" aria-selected={isActive} onClick={onPick} title={match.name}>
      <b>{match.kind === 'group' ? `▸ ${match.name}` : match.name}</b>
      <span>{match.type}</span>
      <span className="mono">{tidy(match.shape)}</span>
    </div>
  );
}

/** Searches the graph: Enter goes to a result and on to the next, ↑ ↓ choose, Escape goes back to the graph. */
export function SearchField({ matches, goTo }: SearchFieldProps) {
  const text = useStudio((studio) => studio.searchText);
  const search = useStudio((studio) => studio.searchFor);
  const open = useStudio((studio) => studio.openSearch);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const listed = matches.slice(0, LISTED);
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const pick = (index: number) => {
    const match = listed[index];
    if (match === undefined) return;
    setActive(index);
    goTo(match);
  };
  const around = (index: number) => (index + listed.length) % Math.max(1, listed.length);
  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => pick(around(active + 1)),
      ArrowUp: () => pick(around(Math.max(active, 0) - 1)),
      Enter: () => pick(around(active + (event.shiftKey ? -1 : 1))),
      Escape: () => open(false),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <search className="graph-search" data-drafts>
      <input
        ref={field}
        type="search"
        role="combobox"
        aria-label="Search the graph"
        aria-expanded={listed.length > 0}
        aria-controls={list}
        aria-activedescendant={active >= 0 ? `${list}${active}` : undefined}
        aria-autocomplete="list"
        placeholder="Name, type or shape"
        value={text}
        onChange={(event) => {
          search(event.currentTarget.value);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
      />
      <output className="search-count">
        {text.trim() === ''
          ? ''
          : matches.length === 0
            ? 'none'
            : `${active >= 0 ? `${active + 1} of ` : ''}${matches.length}`}
      </output>
      <button type="button" aria-label="Close the search" onClick={() => open(false)}>
        ×
      </button>
      <div id={list} role="listbox" aria-label="Found in the graph" hidden={listed.length === 0}>
        {listed.map((match, index) => (
          <Row
            key={match.id}
            match={match}
            id={`${list}${index}`}
            isActive={index === active}
            onPick={() => pick(index)}
          />
        ))}
      </div>
      {matches.length > LISTED && (
        <p className="search-more">
          The first {LISTED} of {matches.length}
        </p>
      )}
    </search>
  );
}
