import { useEffect, useRef } from 'react';
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

function ChangeRow({ change, number }: { change: Change; number: number }) {
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

/** A step's rewrites in their order; each leads to its node, and to the graph behind it. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  // A step may touch one node twice: only the place in the list tells the two apart.
  const rows = changes.map((change, index) => ({ change, number: index + 1 }));
  return (
    <ol className="changes" aria-label={countOf(changes.length, 'change')}>
      {rows.map(({ change, number }) => (
        <ChangeRow key={number} change={change} number={number} />
      ))}
    </ol>
  );
}
