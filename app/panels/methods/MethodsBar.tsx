import { Button } from '@mantine/core';
import { useStudio } from '../../store/context';
import { adviceStale, comparedStale, type Stale } from '../../store/findings';
import type { MethodsView, Studio } from '../../store/studio';
import { BESIDE_TITLES, type Choice } from '../../store/vocabulary';
import { Segmented } from '../Segmented';
import { CsvButton } from './CsvButton';
import { StaleNote } from './StaleNote';

const VIEWS: readonly Choice<MethodsView>[] = [
  {
    value: 'comparison',
    label: 'Comparison',
    title: 'Every method on this model, one row each',
    available: true,
  },
  {
    value: 'layers',
    label: 'By layer',
    title: 'SQNR by layer: plain int8 against equalized',
    available: true,
  },
  { value: 'advice', label: 'Advice', title: 'What equalization would gain each layer', available: true },
];

/** What the shown table no longer agrees with. The plot says for itself what it shows. */
function staleView(studio: Studio): Stale {
  const { methodsView, compared, advice } = studio;
  if (methodsView === 'comparison') return compared && comparedStale(compared, studio);
  return methodsView === 'advice' ? advice && adviceStale(advice, studio) : null;
}

/** In words, why neither job can start; null when both can. */
function reasonAgainst({ job, view }: Studio): string | null {
  if (job !== null) return 'Wait for the job that is running';
  return view.calibration === null ? 'Needs calibration data' : null;
}

/** Never `disabled`, so that the focus stays on it while its job runs. */
function JobButton(props: {
  readonly title: string;
  readonly hint: string;
  readonly isMain: boolean;
  readonly start: () => Promise<void>;
}) {
  const { title, hint, isMain, start } = props;
  const reason = useStudio(reasonAgainst);
  return (
    <Button
      size="compact-xs"
      variant={isMain ? 'filled' : 'default'}
      title={reason ?? hint}
      aria-disabled={reason !== null}
      {...(reason === null ? {} : { 'data-disabled': true })}
      onClick={() => {
        if (reason === null) void start();
      }}
    >
      {title}
    </Button>
  );
}

function ApplyButton() {
  const advice = useStudio((studio) => studio.advice);
  const busy = useStudio((studio) => studio.job !== null);
  const apply = useStudio((studio) => studio.applyAdvice);
  if (advice === null || advice.rows.length === 0) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      title="Equalizes by method auto every layer that gains at least 0.1 dB, and leaves the others out"
      disabled={busy}
      onClick={() => void apply()}
    >
      Apply advice
    </Button>
  );
}

/** Over the tables: what is shown, the two jobs that fill them, and what can be done with what they found. */
export function MethodsBar() {
  const view = useStudio((studio) => studio.methodsView);
  const setView = useStudio((studio) => studio.setMethodsView);
  const compare = useStudio((studio) => studio.compareMethods);
  const advise = useStudio((studio) => studio.advise);
  const stale = useStudio(staleView);
  const isFirst = useStudio(({ compared, advice }) => (compared ?? advice) === null);
  return (
    <div className="layers-bar methods-bar">
      <Segmented label="Shown of methods" choices={VIEWS} value={view} onChange={setView} />
      <JobButton
        title={BESIDE_TITLES.compareMethods}
        hint="Runs every method, and none, on this model and data; your steps stay as they are"
        isMain={isFirst && view !== 'advice'}
        start={compare}
      />
      <JobButton
        title={BESIDE_TITLES.advise}
        hint="Measures what equalization would gain each layer; your steps stay as they are"
        isMain={isFirst && view === 'advice'}
        start={advise}
      />
      {view === 'advice' && <ApplyButton />}
      <StaleNote stale={stale} again={view === 'advice' ? 'advise' : 'compare'} />
      <span className="grow" />
      {view !== 'advice' && <CsvButton />}
    </div>
  );
}
