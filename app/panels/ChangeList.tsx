import type { Change } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { tidy } from './format';

const SIGNS: { readonly [K in Change['kind']]: { readonly sign: string; readonly tone: string } } = {
  insert: { sign: '+', tone: 'added' },
  remove: { sign: '−', tone: 'removed' },
  rewire: { sign: '~', tone: 'changed' },
  rescale: { sign: '~', tone: 'changed' },
  rename: { sign: '~', tone: 'changed' },
  move: { sign: '↓', tone: 'changed' },
};

function ChangeRow({ change }: { change: Change }) {
  const goTo = useStudio((studio) => studio.goTo);
  const node = change.nodes[0];
  const current = useStudio((studio) => node !== undefined && studio.selected === node);
  const { sign, tone } = SIGNS[change.kind];
  const sentence = tidy(change.sentence);
  return (
    <li>
      <a
        className={`change${current ? ' current' : ''}`}
        href={`#${node ?? ''}`}
        title={sentence}
        aria-label={`${change.kind}: ${sentence}`}
        onClick={(event) => {
          event.preventDefault();
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

/** A step's rewrites in their order; each leads to its node. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  // A step may touch one node twice: only the place in the list tells the two apart.
  const rows = changes.map((change, index) => ({ change, key: `${index} ${change.kind}` }));
  return (
    <ol className="changes" aria-label={countOf(changes.length, 'change')}>
      {rows.map(({ change, key }) => (
        <ChangeRow key={key} change={change} />
      ))}
    </ol>
  );
}
