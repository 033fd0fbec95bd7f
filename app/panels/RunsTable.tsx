import { useMemo } from 'react';
import { Term } from '../glossary/Term';
import { useStudio } from '../store/context';
import type { FinishedRun } from '../store/finishedRuns';
import { standingRun } from '../store/finishedRuns';
import { SEMANTICS } from '../store/vocabulary';
import { formatDb, formatGain, formatPercent, gainTone } from './format';
import { byHandWords, methodWords } from './methodWords';

const selectedOf = ({ layers }: FinishedRun): readonly string[] =>
  layers.filter(({ selected }) => selected).map(({ name }) => name);

function selectionWords(run: FinishedRun): string {
  const [first, ...others] = selectedOf(run);
  if (first === undefined) return 'none';
  if (others.length + 1 === run.layers.length) return 'all';
  return others.length === 0 ? first : `${others.length + 1} of ${run.layers.length}`;
}

/** Types and layers that had a qconfig of their own: `linear2 default, torch.add none`. */
const exceptionsOf = ({ settings: { qconfigs } }: FinishedRun): string =>
  Object.entries({ ...qconfigs.byType, ...qconfigs.byName })
    .map(([name, choice]) => `${name} ${choice}`)
    .join(', ');

/** Puts two runs side by side in the graph: the one of the row, and the one that the page shows. */
function CompareRun({ serial, shown }: { serial: number; shown: number }) {
  const graphs = useStudio((studio) => studio.runGraphs);
  const compareRuns = useStudio((studio) => studio.compareRuns);
  if (serial === shown) return null;
  const isKept = graphs.has(serial) && graphs.has(shown);
  return (
    <button
      type="button"
      className="run-compare"
      aria-label={`Compare run ${serial} with run ${shown} in the graph`}
      title={isKept ? undefined : 'The graphs of this run are not kept any more: run it again'}
      disabled={!isKept}
      onClick={() => compareRuns(serial, shown)}
    >
      in the graph
    </button>
  );
}

function RunRow({ run, isCurrent, shown }: { run: FinishedRun; isCurrent: boolean; shown: number }) {
  const { settings, results, calibration } = run;
  const { sqnr, accuracy } = results;
  return (
    <tr aria-current={isCurrent || undefined}>
      <th className="text" scope="row" title={`on ${calibration}`}>
        {isCurrent ? `this run (${run.serial})` : `run ${run.serial}`}
      </th>
      <td className="text">{SEMANTICS.find(({ value }) => value === settings.semantics)?.label}</td>
      <td className="text" title={exceptionsOf(run)}>
        {settings.qconfig}
        {exceptionsOf(run) !== '' && ' *'}
      </td>
      <td className="text" title={byHandWords(settings)}>
        {methodWords(settings)}
        {byHandWords(settings) !== '' && ' *'}
      </td>
      <td className="text" title={selectedOf(run).join(', ')}>
        {selectionWords(run)}
      </td>
      <td>
        {formatDb(sqnr.plain)} → {formatDb(sqnr.equalized)}
      </td>
      <td className={gainTone(sqnr)}>{formatGain(sqnr.plain, sqnr.equalized)}</td>
      <td>
        {accuracy === null ? '—' : `${formatPercent(accuracy.plain)} → ${formatPercent(accuracy.equalized)}`}
      </td>
      <td>
        <CompareRun serial={run.serial} shown={shown} />
      </td>
    </tr>
  );
}

/** The run that the page shows, whether or not it is the newest. */
export function useStandingRun(): FinishedRun | null {
  const runs = useStudio((studio) => studio.runs);
  const view = useStudio((studio) => studio.view);
  const settings = useStudio((studio) => studio.settings);
  return useMemo(() => standingRun({ runs, view, settings }), [runs, view, settings]);
}

function RunsHead() {
  return (
    <thead>
      <tr>
        <th className="text">run</th>
        <th className="text">
          <Term id="semantics" />
        </th>
        <th className="text">
          <Term id="qconfig" hint="* with types or layers that have their own.">
            qconfig
          </Term>
        </th>
        <th className="text">
          <Term id="method" hint="How scales were found; * with methods or scales by hand." />
        </th>
        <th className="text">
          <Term id="equalization" hint="Layers that were chosen for equalization.">
            equalized
          </Term>
        </th>
        <th>
          <Term id="sqnr" hint="dB, int8 → int8 equalized." />
        </th>
        <th>
          <Term id="gain" />
        </th>
        <th title="int8 → int8 equalized">accuracy</th>
        <th title="Beside this run, or the newest, with all that differs">compare</th>
      </tr>
    </thead>
  );
}

/** The runs of this model side by side, newest first: semantics, qconfigs and methods compared. */
export function RunsTable() {
  const runs = useStudio((studio) => studio.runs);
  const standing = useStandingRun();
  const shown = standing?.serial || runs.at(-1)?.serial;
  return (
    <table className="grid runs">
      <caption>Runs of this model</caption>
      <RunsHead />
      <tbody>
        {runs.toReversed().map((run) => (
          <RunRow
            key={run.serial}
            run={run}
            isCurrent={run.serial === standing?.serial}
            shown={shown ?? run.serial}
          />
        ))}
      </tbody>
    </table>
  );
}
