import { useMemo } from 'react';
import { tidy } from '../../panels/format';
import type { NodeDifference } from '../../store/compare/differencesOf';
import { comparedDifferences, sameSource, sidesOf, sourceWords } from '../../store/compare/sides';
import { useStudio } from '../../store/context';
import { countOf } from '../../store/counting';
import type { GraphSource } from '../../store/studio';
import { STEP_WORDS, STEPS } from '../../store/vocabulary';
import { ToolButtons } from '../ToolButtons';

const keyOf = ({ run, step }: GraphSource): string => `${run ?? 'now'} ${step}`;

/** Every graph that can be put on a side: of the steps as they stand, then of runs. */
function useSources(): readonly { readonly label: string; readonly sources: readonly GraphSource[] }[] {
  const view = useStudio((studio) => studio.view);
  const runs = useStudio((studio) => studio.runs);
  const graphs = useStudio((studio) => studio.runGraphs);
  return useMemo(() => {
    const now = STEPS.filter((step) => view.steps[step] !== undefined).map((step) => ({ run: null, step }));
    const kept = runs.flatMap(({ serial }) => {
      const own = graphs.get(serial);
      if (own === undefined) return [];
      const steps = STEPS.filter((step) => own[step] !== undefined && step !== 'load');
      const label = sourceWords({ runs }, { run: serial, step: 'convert' }).replace(
        /^Convert \((.*)\)$/,
        '$1',
      );
      return [{ label, sources: steps.map((step) => ({ run: serial, step })) }];
    });
    return [{ label: 'this work', sources: now }, ...kept.toReversed()];
  }, [view, runs, graphs]);
}

function SideSelect({ side, value }: { side: 'left' | 'right'; value: GraphSource }) {
  const groups = useSources();
  const compareWith = useStudio((studio) => studio.compareWith);
  const all = groups.flatMap(({ sources }) => sources);
  return (
    <select
      className="side-select"
      aria-label={side === 'left' ? 'Left graph' : 'Right graph'}
      value={keyOf(value)}
      onChange={(event) => {
        const chosen = all.find((source) => keyOf(source) === event.currentTarget.value);
        if (chosen !== undefined) compareWith(side, chosen);
      }}
    >
      {groups.map(({ label, sources }) => (
        <optgroup key={label} label={label}>
          {sources.map((source) => (
            <option key={keyOf(source)} value={keyOf(source)}>
              {STEP_WORDS[source.step].title}
              {source.run === null ? '' : ` · run ${source.run}`}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

const KINDS: readonly NodeDifference['kind'][] = ['added', 'removed', 'changed', 'rewired'];
const SIGNS = { added: '+', removed: '−', changed: '~', rewired: '↔' } as const;

/** The differences one by one: a select that is the list, and two buttons that walk through it. */
function Differences() {
  const all = useStudio(comparedDifferences);
  const kind = useStudio((studio) => studio.differenceKind);
  const selected = useStudio((studio) => studio.selected);
  const goTo = useStudio((studio) => studio.goTo);
  const show = useStudio((studio) => studio.showDifferences);
  const next = useStudio((studio) => studio.nextDifference);
  const previous = useStudio((studio) => studio.previousDifference);
  const listed = kind === null ? all : all.filter((difference) => difference.kind === kind);
  const at = listed.findIndex(({ node }) => node === selected);
  const current = listed[at];
  return (
    <>
      <select
        className="difference-kind"
        aria-label="Kinds of differences"
        value={kind ?? ''}
        onChange={(event) => show(KINDS.find((one) => one === event.currentTarget.value) ?? null)}
      >
        <option value="">all kinds</option>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {SIGNS[one]} {one} ({all.filter((difference) => difference.kind === one).length})
          </option>
        ))}
      </select>
      <span className="difference-count">
        {at < 0 ? countOf(listed.length, 'difference') : `difference ${at + 1} of ${listed.length}`}
      </span>
      <ToolButtons
        className="transport-buttons"
        buttons={[
          { label: 'Previous difference', sign: '▴', disabled: listed.length === 0, act: previous },
          { label: 'Next difference', sign: '▾', disabled: listed.length === 0, act: next },
        ]}
      />
      <select
        className="difference-list"
        aria-label="Differences"
        value={current?.node ?? ''}
        onChange={(event) => goTo(event.currentTarget.value)}
      >
        <option value="" disabled>
          {listed.length === 0 ? 'no differences' : 'go to a difference…'}
        </option>
        {listed.map(({ node, kind: one, what }) => (
          <option key={`${node} ${one}`} value={node}>
            {SIGNS[one]} {node}: {tidy(what)}
          </option>
        ))}
      </select>
      {current !== undefined && (
        <p className="difference-what" aria-live="polite">
          <b>
            {SIGNS[current.kind]} {current.node}
          </b>{' '}
          {tidy(current.what)}
        </p>
      )}
    </>
  );
}

/** Which two graphs stand side by side, and a walk through what differs. */
export function CompareBar() {
  const sides = useStudio(sidesOf);
  if (sides === null) return null;
  return (
    <section className="compare-bar" aria-label="Comparison">
      <SideSelect side="left" value={sides.left.source} />
      <span aria-hidden>|</span>
      <SideSelect side="right" value={sides.right.source} />
      {sameSource(sides.left.source, sides.right.source) ? (
        <span className="difference-count">the same graph on both sides</span>
      ) : (
        <Differences />
      )}
    </section>
  );
}
