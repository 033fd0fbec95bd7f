import { useMemo } from 'react';
import { sourceWords } from '../../store/compare/sides';
import { useStudio } from '../../store/context';
import type { GraphSource } from '../../store/studio';
import { STEP_WORDS, STEPS } from '../../store/vocabulary';

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

/** Chooses the graph of one side. */
export function SideSelect({ side, value }: { side: 'left' | 'right'; value: GraphSource }) {
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
