import { type KeyboardEvent, useRef } from 'react';
import type { ChangeView } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { positionIs } from '../store/playback/position';
import { tidy } from './format';
import { CHANGE_HEIGHT, useChangeRows } from './useChangeRows';

const SIGNS: { readonly [K in ChangeView['kind']]: { readonly sign: string; readonly tone: string } } = {
  insert: { sign: '+', tone: 'added' },
  remove: { sign: '−', tone: 'removed' },
  rewire: { sign: '~', tone: 'changed' },
  rescale: { sign: '~', tone: 'changed' },
  rename: { sign: '~', tone: 'changed' },
  move: { sign: '↓', tone: 'changed' },
};

interface ChangeRowProps {
  readonly change: ChangeView;
  /** From 1 on. */
  readonly number: number;
  readonly count: number;
  /** Whether Tab stops here. */
  readonly isStop: boolean;
}

function ChangeRow({ change, number, count, isStop }: ChangeRowProps) {
  const goTo = useStudio((studio) => studio.goTo);
  const node = change.nodes[0];
  const seek = useStudio((studio) => studio.seek);
  const current = useStudio((studio) => positionIs(studio, number));
  const { sign, tone } = SIGNS[change.kind];
  const sentence = tidy(change.sentence);
  return (
    <li aria-setsize={count} aria-posinset={number}>
      <a
        className={`change${current ? ' current' : ''}`}
        href={`#${node ?? ''}`}
        tabIndex={isStop ? 0 : -1}
        data-number={number}
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

/** The room of changes that are not drawn. */
function Gap({ rows }: { rows: number }) {
  return rows === 0 ? null : <li aria-hidden style={{ height: rows * CHANGE_HEIGHT }} />;
}

/** How far a key leads from one change to another. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** A step's rewrites in their order; each leads to its node, and to the graph behind it. One tab stop, walked by keys. */
export function ChangeList({ changes }: { changes: readonly ChangeView[] }) {
  const scroll = useRef<HTMLOListElement>(null);
  const { rows, rest, stop, setStop, focusRow } = useChangeRows(scroll, changes.length);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    focusRow(stop + by);
  };
  return (
    <ol
      className="changes"
      ref={scroll}
      aria-label={countOf(changes.length, 'change')}
      onKeyDown={onKeyDown}
      onFocus={({ target }) =>
        target.dataset.number !== undefined && setStop(Number(target.dataset.number) - 1)
      }
    >
      {rows.flatMap(({ index, gap }) => {
        const change = changes[index];
        // A step may touch one node twice: only the place in the list tells the two apart.
        const number = index + 1;
        return change === undefined
          ? []
          : [
              <Gap key={`gap ${number}`} rows={gap} />,
              <ChangeRow
                key={number}
                change={change}
                number={number}
                count={changes.length}
                isStop={index === stop}
              />,
            ];
      })}
      <Gap rows={rest} />
    </ol>
  );
}
