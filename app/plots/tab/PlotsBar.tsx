import { Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { SmallSelect } from '../../panels/SmallSelect';
import { useStudio } from '../../store/context';
import { shownTensor, tensorKey } from '../../store/plots/plotSlice';
import type { PlotKind, PlotOrder } from '../../store/studio';
import type { Choice } from '../../store/vocabulary';
import { PLOT_FORMATS, type PlotFormat } from './exportPlot';

const choice = <T extends string>(value: T, label: string, title: string): Choice<T> => ({
  value,
  label,
  title,
  available: true,
});

const KINDS: readonly Choice<PlotKind>[] = [
  choice(
    'input',
    'Input ranges',
    'Minimum and maximum of each column of what the node reads, before and after',
  ),
  choice('input-histogram', 'Input ranges, histogram', 'How many columns have which range'),
  choice(
    'weight',
    'Weight ranges',
    'Minimum and maximum of each input column of the weight, before and after',
  ),
  choice('weight-histogram', 'Weight ranges, histogram', 'How many columns of the weight have which range'),
  choice('scale', 'Equalization scale', 'The scale of each column'),
  choice('values', 'Values and grid', 'How the values of a tensor are spread, with its quantization grid'),
  choice('heat', 'Weight heat map', 'The weight as a picture, before, after, and the difference'),
  choice('sqnr', 'SQNR by layer', 'How far int8 moves each layer’s output, plain and equalized'),
];

/** What can be sorted, and by what; a kind without a list has an order of its own. */
const SORTS: Readonly<Partial<Record<PlotKind, readonly Choice<PlotOrder>[]>>> = {
  input: [
    choice('order', 'by column', 'As the columns stand in the tensor'),
    choice('range', 'by range', 'The widest first, before equalization'),
    choice(
      'gain',
      'by gain',
      'First the columns that fill more of the grid after equalization than before, in bits',
    ),
  ],
  scale: [
    choice('order', 'by column', 'As the columns stand in the tensor'),
    choice('range', 'by scale', 'The largest scale first'),
    choice('gain', 'by distance from 1', 'First the columns that equalization changes most'),
  ],
  sqnr: [
    choice('order', 'by layer', 'In graph order'),
    choice('range', 'by SQNR', 'The highest plain SQNR first'),
    choice('gain', 'by gain', 'First the layers that equalization gains most'),
  ],
};
export const sortsOf = (kind: PlotKind): readonly Choice<PlotOrder>[] =>
  SORTS[kind === 'weight' ? 'input' : kind] ?? [];
const WITHOUT_LOG: readonly PlotKind[] = ['sqnr', 'heat'];

function TensorChoice() {
  const tensors = useStudio((studio) => studio.tensors);
  const chosen = useStudio((studio) => studio.tensor);
  const setTensor = useStudio((studio) => studio.setTensor);
  const count = useStudio((studio) => studio.countValues);
  const busy = useStudio((studio) => studio.job !== null);
  const shown = shownTensor(tensors, chosen);
  if (tensors === null || shown === null) return null;
  const choices = tensors.tensors.map((tensor) =>
    choice(tensorKey(tensor), `${tensor.role}: ${tensor.node}`, ''),
  );
  return (
    <>
      <SmallSelect label="Tensor" choices={choices} value={tensorKey(shown)} always onChoose={setTensor} />
      {shown.histogram === null && (
        <Button size="compact-xs" disabled={busy} onClick={() => void count()}>
          Count values
        </Button>
      )}
    </>
  );
}

function LogSwitch({ kind }: { kind: PlotKind }) {
  const on = useStudio((studio) => studio.plotLogs.includes(kind));
  const setLog = useStudio((studio) => studio.setPlotLog);
  if (WITHOUT_LOG.includes(kind)) return null;
  return (
    <Button
      size="compact-xs"
      variant={on ? 'light' : 'default'}
      aria-pressed={on}
      onClick={() => setLog(kind, !on)}
    >
      Log
    </Button>
  );
}

function Sort({ kind }: { kind: PlotKind }) {
  const sort = useStudio((studio) => studio.plotSort);
  const setSort = useStudio((studio) => studio.setPlotSort);
  const sorts = sortsOf(kind);
  return sorts.length === 0 ? null : (
    <SmallSelect label="Sort" choices={sorts} value={sort} always onChoose={setSort} />
  );
}

const LABELS: { readonly [F in PlotFormat]: string } = {
  png: 'Picture (.png)',
  svg: 'Drawing (.svg)',
  csv: 'Table (.csv)',
};

export interface PlotTools {
  readonly onZoom: (factor: number) => void;
  readonly onReset: () => void;
  readonly isZoomed: boolean;
  readonly onSave: (format: PlotFormat) => void;
}

/** Zoom and export; null tools where nothing is drawn. */
function Tools({ onZoom, onReset, isZoomed, onSave }: PlotTools) {
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label="Zoom in"
        title="Zoom in (+)"
        onClick={() => onZoom(0.6)}
      >
        +
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label="Zoom out"
        title="Zoom out (−)"
        onClick={() => onZoom(1 / 0.6)}
      >
        −
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={!isZoomed}
        title="Show all (0, or a double click)"
        onClick={onReset}
      >
        Reset zoom
      </Button>
      <Menu position="bottom-end" shadow="md" width={150}>
        <Menu.Target>
          <Button size="compact-xs" variant="default">
            Save plot
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PLOT_FORMATS.map((format) => (
            <Menu.Item key={format} onClick={() => onSave(format)}>
              {LABELS[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Which plot, how it is ordered, and what can be done with it. */
export function PlotsBar({ tools, children }: { tools: PlotTools | null; children: ReactNode }) {
  const kind = useStudio((studio) => studio.plotKind);
  const setKind = useStudio((studio) => studio.setPlotKind);
  const tall = useStudio((studio) => studio.plotsTall);
  const setTall = useStudio((studio) => studio.setPlotsTall);
  return (
    <div className="plots-bar">
      <SmallSelect label="Plot" choices={KINDS} value={kind} always onChoose={setKind} />
      {kind === 'values' && <TensorChoice />}
      <Sort kind={kind} />
      <LogSwitch kind={kind} />
      {children}
      {tools !== null && <Tools {...tools} />}
      <Button
        size="compact-xs"
        variant="default"
        aria-pressed={tall}
        onClick={() => setTall(!tall)}
        title="Half of the page for the plots"
      >
        Tall
      </Button>
    </div>
  );
}
