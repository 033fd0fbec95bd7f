import { Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { SmallSelect } from '../../panels/SmallSelect';
import { useStudio } from '../../store/context';
import {
  hasLog,
  PLOT_CHOICES,
  PLOT_FORMAT_LABELS,
  PLOT_FORMATS,
  type PlotFormat,
  sortsOf,
} from '../../store/plots/plotChoices';
import { shownTensor, tensorKey } from '../../store/plots/plotSlice';
import type { PlotKind } from '../../store/studio';

function TensorChoice() {
  const tensors = useStudio((studio) => studio.tensors);
  const chosen = useStudio((studio) => studio.tensor);
  const setTensor = useStudio((studio) => studio.setTensor);
  const count = useStudio((studio) => studio.countValues);
  const busy = useStudio((studio) => studio.job !== null);
  const shown = shownTensor(tensors, chosen);
  if (tensors === null || shown === null) return null;
  const choices = tensors.tensors.map((tensor) => ({
    value: tensorKey(tensor),
    label: `${tensor.role}: ${tensor.node}`,
    title: '',
    available: true,
  }));
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
  if (!hasLog(kind)) return null;
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

export interface PlotTools {
  readonly onZoom: (factor: number) => void;
  readonly onReset: () => void;
  readonly isZoomed: boolean;
  readonly onSave: (format: PlotFormat) => void;
}

function SaveMenu({ onSave }: Pick<PlotTools, 'onSave'>) {
  return (
    <Menu position="bottom-end" shadow="md" width={150}>
      <Menu.Target>
        <Button size="compact-xs" variant="default">
          Save plot
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {PLOT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => onSave(format)}>
            {PLOT_FORMAT_LABELS[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const ZOOMS = [
  { name: 'Zoom in', sign: '+', factor: 0.6 },
  { name: 'Zoom out', sign: '−', factor: 1 / 0.6 },
] as const;

/** Zoom and export, of what is drawn. */
function Tools({ onZoom, onReset, isZoomed, onSave }: PlotTools) {
  return (
    <>
      {ZOOMS.map(({ name, sign, factor }) => (
        <Button
          key={name}
          size="compact-xs"
          variant="default"
          aria-label={name}
          title={`${name} (${sign})`}
          onClick={() => onZoom(factor)}
        >
          {sign}
        </Button>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        disabled={!isZoomed}
        title="Show all (0, or a double click)"
        onClick={onReset}
      >
        Reset zoom
      </Button>
      <SaveMenu onSave={onSave} />
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
      <SmallSelect label="Plot" choices={PLOT_CHOICES} value={kind} always onChoose={setKind} />
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
