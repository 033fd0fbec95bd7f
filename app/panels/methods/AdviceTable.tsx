import type { LayerAdvice } from '../../../src/index';
import { useStudio } from '../../store/context';
import { formatDb, formatGain, gainTone } from '../format';
import { type Column, SortTable } from '../SortTable';
import { ColumnList } from './ColumnList';

function LayerLink({ layer }: { layer: string }) {
  const goTo = useStudio((studio) => studio.goTo);
  return (
    <a
      href={`#${layer}`}
      onClick={(event) => {
        event.preventDefault();
        goTo(layer);
      }}
    >
      {layer}
    </a>
  );
}

/** `SmoothQuant, α = 0.5` and `AWQ, α = 0.5` in the room of a cell. */
const shortRule = (rule: string): string => rule.replace(', α = ', ' α ');

const yesOrNo = (isRecommended: boolean): string => (isRecommended ? 'equalize' : 'leave');

const EXPECTED =
  'From ranges alone, by PyTorch’s InputWeightEqualizationDetector: the share of columns with 0.5 ≤ s ≤ 2, where ' +
  's = √(weight range ÷ that of all columns) ÷ √(input range ÷ that of all columns). From 40 % on it recommends equalization';

function expectedWords({ detector }: LayerAdvice): string {
  if (detector === null) return '—';
  return `${Math.round(detector.share * 100)} % · ${yesOrNo(detector.isRecommended)}`;
}

const gainOf = ({ measured: { plain, best } }: LayerAdvice): number | null =>
  Number.isNaN(best - plain) ? null : best - plain;

const toneOf = ({ measured: { plain, best } }: LayerAdvice) => gainTone({ plain, equalized: best });

const COLUMNS: readonly Column<LayerAdvice>[] = [
  {
    id: 'layer',
    title: 'layer',
    isText: true,
    sortBy: ({ layer }) => layer,
    cell: ({ layer }) => <LayerLink layer={layer} />,
  },
  {
    id: 'advice',
    title: 'advice',
    hint: 'Equalize where the measured gain is at least 0.1 dB',
    isText: true,
    sortBy: ({ advised }) => yesOrNo(advised),
    cell: ({ advised }) => <span className={`advice ${yesOrNo(advised)}`}>{yesOrNo(advised)}</span>,
  },
  {
    id: 'measured',
    title: 'measured, dB',
    term: 'sqnr',
    hint: 'SQNR at the outputs of the layer’s region, fed with float values: plain int8 → the best of all rules',
    sortBy: ({ measured }) => measured.best,
    cell: ({ measured: { plain, best } }) => `${formatDb(plain)} → ${formatDb(best)}`,
  },
  {
    id: 'gain',
    title: 'gain',
    term: 'gain',
    sortBy: gainOf,
    cell: ({ measured: { plain, best } }) => formatGain(plain, best),
    className: toneOf,
  },
  {
    id: 'by',
    title: 'best by',
    term: 'method',
    hint: 'The rule that leaves the least error, and whether its scale is folded or needs a multiplication',
    isText: true,
    sortBy: ({ measured }) => measured.rule,
    cell: ({ measured: { rule, cost } }) => (cost === 'none' ? 'none' : `${shortRule(rule)} · ${cost}`),
  },
  {
    id: 'expected',
    title: 'expected',
    hint: EXPECTED,
    sortBy: ({ detector }) => detector?.share ?? null,
    cell: expectedWords,
  },
  {
    id: 'dead',
    title: 'dead columns',
    term: 'dead-column',
    isText: true,
    first: 'descending',
    sortBy: ({ dead }) => dead.length,
    cell: ({ dead }) => <ColumnList columns={dead} label="dead columns" />,
    className: () => 'columns',
  },
  {
    id: 'outliers',
    title: 'outlier columns',
    hint: 'Columns whose input range is more than ten times the median: they set the step of all others',
    isText: true,
    first: 'descending',
    sortBy: ({ outliers }) => outliers.length,
    cell: ({ outliers }) => <ColumnList columns={outliers} label="outlier columns" />,
    className: () => 'columns',
  },
];

/** What equalization would gain each layer. A row leads to its node. */
export function AdviceTable() {
  const advice = useStudio((studio) => studio.advice);
  const selected = useStudio((studio) => studio.selected);
  const goTo = useStudio((studio) => studio.goTo);
  if (advice === null)
    return (
      <p className="empty">
        Advise measures at every layer what the best rule would gain, and names dead and outlier columns. Your
        steps stay as they are.
      </p>
    );
  if (advice.rows.length === 0) return <p className="empty">No layer of this model can be equalized.</p>;
  return (
    <SortTable
      className="advice-table"
      caption="Advice by layer"
      columns={COLUMNS}
      rows={advice.rows}
      nameOf={({ layer }) => layer}
      rowProps={({ layer }) => ({ 'data-advice': layer, 'aria-current': layer === selected || undefined })}
      onRow={({ layer }) => goTo(layer)}
    />
  );
}
