import { tidy } from '../../panels/format';
import type { NodeDifference } from '../../store/compare/differencesOf';
import { listedAt, listedDifferences } from '../../store/compare/listed';
import { comparedDifferences } from '../../store/compare/sides';
import { useStudio } from '../../store/context';
import { countOf, grouped } from '../../store/counting';
import { ToolButtons } from '../ToolButtons';

const KINDS: readonly NodeDifference['kind'][] = ['added', 'removed', 'changed', 'rewired'];
const SIGNS = { added: '+', removed: '−', changed: '~', rewired: '↔' } as const;

function KindSelect() {
  const all = useStudio(comparedDifferences);
  const kind = useStudio((studio) => studio.differenceKind);
  const show = useStudio((studio) => studio.showDifferences);
  return (
    <select
      className="difference-kind"
      aria-label="Kinds of differences"
      value={kind ?? ''}
      onChange={(event) => show(KINDS.find((one) => one === event.currentTarget.value) ?? null)}
    >
      <option value="">all kinds</option>
      {KINDS.map((one) => (
        <option key={one} value={one}>
          {SIGNS[one]} {one} ({grouped(all.filter((difference) => difference.kind === one).length)})
        </option>
      ))}
    </select>
  );
}

/** Of a longer list so many are offered on either side of where one is: a menu of thousands opens slowly and helps nobody. */
const OFFERED = 50;

const differenceWords = ({ kind, node, what }: NodeDifference): string =>
  `${SIGNS[kind]} ${node}: ${tidy(what)}`;

function DifferenceSelect() {
  const listed = useStudio(listedDifferences);
  const at = useStudio(listedAt);
  const goTo = useStudio((studio) => studio.goTo);
  const first = Math.max(0, at - OFFERED);
  const last = Math.min(listed.length, Math.max(0, at) + OFFERED);
  const current = listed[at];
  return (
    <select
      className="difference-list"
      aria-label="Differences"
      value={current?.node ?? ''}
      title={current && differenceWords(current)}
      onChange={(event) => goTo(event.currentTarget.value)}
    >
      <option value="" disabled>
        {listed.length === 0 ? 'no differences' : 'go to a difference…'}
      </option>
      {first > 0 && <option disabled>{grouped(first)} before these</option>}
      {listed.slice(first, last).map((difference) => (
        <option key={`${difference.node} ${difference.kind}`} value={difference.node}>
          {differenceWords(difference)}
        </option>
      ))}
      {last < listed.length && <option disabled>{grouped(listed.length - last)} behind these</option>}
    </select>
  );
}

/** The differences one by one: a select that is the list, and two buttons that walk through it. */
export function Differences() {
  const count = useStudio((studio) => listedDifferences(studio).length);
  const at = useStudio(listedAt);
  const next = useStudio((studio) => studio.nextDifference);
  const previous = useStudio((studio) => studio.previousDifference);
  return (
    <>
      <KindSelect />
      <span className="difference-count">
        {at < 0 ? countOf(count, 'difference') : `difference ${grouped(at + 1)} of ${grouped(count)}`}
      </span>
      <ToolButtons
        className="transport-buttons"
        buttons={[
          { label: 'Previous difference', sign: '▴', disabled: count === 0, act: previous },
          { label: 'Next difference', sign: '▾', disabled: count === 0, act: next },
        ]}
      />
      <DifferenceSelect />
    </>
  );
}

/** What differs at the selected node, over the graphs: they keep their height. */
export function DifferenceNote() {
  const current = useStudio((studio) => listedDifferences(studio)[listedAt(studio)]);
  if (current === undefined) return null;
  return (
    <p className="difference-what" aria-live="polite">
      <b>
        {SIGNS[current.kind]} {current.node}
      </b>{' '}
      {tidy(current.what)}
    </p>
  );
}
