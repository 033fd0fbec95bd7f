import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Change } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { positionIs } from '../store/playback/position';
import { tidy } from './format';

const SIGNS: { readonly [K in Change['kind']]: { readonly sign: string; readonly tone: string } } = {
  insert: { sign: '+', tone: 'added' },
  remove: { sign: '−', tone: 'removed' },
  rewire: { sign: '~', tone: 'changed' },
  rescale: { sign: '~', tone: 'changed' },
  rename: { sign: '~', tone: 'changed' },
  move: { sign: '↓', tone: 'changed' },
};

interface ChangeRowProps {
  readonly change: Change;
  readonly number: number;
  /** Where the keyboard enters the list. */
  readonly isEntry: boolean;
}

function ChangeRow({ change, number, isEntry }: ChangeRowProps) {
  const goTo = useStudio((studio) => studio.goTo);
  const node = change.nodes[0];
  const seek = useStudio((studio) => studio.seek);
  const current = useStudio((studio) => positionIs(studio, number));
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const { sign, tone } = SIGNS[change.kind];
  const sentence = tidy(change.sentence);
  return (
    <li ref={row}>
      <a
        className={`change${current ? ' current' : ''}`}
        href={`#${node ?? ''}`}
        tabIndex={isEntry ? 0 : -1}
        aria-current={current ? 'step' : undefined}
        title={sentence}
        aria-label={`${change.kind}: ${sentence}`}
        onClick={(event) => {
          event.preventDefault();
          void seek(number);
          if (node !== undefined) goTo(node);
        }}
      >
        <span className={`sign ${tone}`} aria-hidden>
          {sign}
        </span>
        <span className="change-text">{sentence}</span>
      </a>
    </li>
  );
}

/** How many rows a key moves on; Home and End go past the ends, where the moves stop. */
const MOVES: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const move = MOVES[event.key];
  const links = [...event.currentTarget.querySelectorAll('a')];
  const from = links.findIndex((link) => link === document.activeElement);
  if (move === undefined || from < 0) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, from + move))]?.focus();
}

/**
 * A step's rewrites in their order; each leads to its node, and to the graph behind it. For the keyboard the list is one
 * stop, and the arrow keys go from change to change: there may be hundreds.
 */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  // A step may touch one node twice: only the place in the list tells the two apart.
  const rows = changes.map((change, index) => ({ change, number: index + 1 }));
  const entry = useStudio(
    (studio) => rows.find(({ number }) => positionIs(studio, number))?.number ?? rows[0]?.number,
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: the keys move the focus among its links
    <ol className="changes" aria-label={countOf(changes.length, 'change')} onKeyDown={moveFocus}>
      {rows.map(({ change, number }) => (
        <ChangeRow key={number} change={change} number={number} isEntry={number === entry} />
      ))}
    </ol>
  );
}
