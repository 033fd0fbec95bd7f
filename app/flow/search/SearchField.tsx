import { type ChangeEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { shortShape, tidy } from '../../panels/format';
import { useStudio } from '../../store/context';
import { grouped } from '../../store/counting';
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
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={isActive}
      onClick={onPick}
      title={`${match.name} · ${match.type} ${match.shape}`}
    >
      <b>{match.kind === 'group' ? `▸ ${match.name}` : match.name}</b>
      <span>{match.type}</span>
      <span className="mono search-shape">{shortShape(tidy(match.shape))}</span>
    </div>
  );
}

/** The field has the focus while it is there; then it goes back to where it was. */
function useFocusWhileOpen() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return field;
}

/** The result that was gone to last, and the keys that go to the others. */
function useWalk(listed: readonly Match[], goTo: (match: Match) => void) {
  const open = useStudio((studio) => studio.openSearch);
  const [active, setActive] = useState(-1);
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
  return { active, pick, forget: () => setActive(-1), onKeyDown };
}

function countWords(text: string, active: number, count: number): string {
  if (text.trim() === '') return '';
  if (count === 0) return 'none';
  return active >= 0 ? `${active + 1} of ${grouped(count)}` : grouped(count);
}

/** Searches the graph: Enter goes to a result and on to the next, ↑ ↓ choose, Escape goes back to the graph. */
export function SearchField({ matches, goTo }: SearchFieldProps) {
  const text = useStudio((studio) => studio.searchText);
  const search = useStudio((studio) => studio.searchFor);
  const open = useStudio((studio) => studio.openSearch);
  const list = useId();
  const field = useFocusWhileOpen();
  const listed = matches.slice(0, LISTED);
  const { active, pick, forget, onKeyDown } = useWalk(listed, goTo);
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    search(event.currentTarget.value);
    forget();
  };
  const combobox = {
    role: 'combobox',
    'aria-expanded': listed.length > 0,
    'aria-controls': list,
    'aria-activedescendant': active >= 0 ? `${list}${active}` : undefined,
    'aria-autocomplete': 'list' as const,
  };
  const rows = listed.map((match, index) => (
    <Row
      key={match.id}
      match={match}
      id={`${list}${index}`}
      isActive={index === active}
      onPick={() => pick(index)}
    />
  ));
  const about = { 'aria-label': 'Search the graph', placeholder: 'Name, type or shape' };
  return (
    <search className="graph-search" data-drafts>
      <input ref={field} type="search" {...combobox} {...about} value={text} {...{ onChange, onKeyDown }} />
      <output className="search-count">{countWords(text, active, matches.length)}</output>
      <button type="button" aria-label="Close the search" onClick={() => open(false)}>
        ×
      </button>
      <div id={list} role="listbox" aria-label="Found in the graph" hidden={listed.length === 0}>
        {rows}
      </div>
      {matches.length > LISTED && (
        <p className="search-more">
          The first {LISTED} of {grouped(matches.length)}
        </p>
      )}
    </search>
  );
}
