import { Menu } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { ExportKind } from '../../src/index';
import { useStudio } from '../store/context';
import { brokenExport } from '../store/selectors';
import { EXPORT_KINDS, EXPORT_LABELS, FLOAT_EXPORTS, STEP_WORDS } from '../store/vocabulary';
import { tidy } from './format';

const DESCRIPTIONS: { readonly [K in ExportKind]: string } = {
  safetensors: 'FX graph and weights, without observers',
  onnx: 'For ONNX Runtime and the like, without observers',
  text: 'The shown graph as FX prints it',
  report: 'Settings, ranges, scales and figures of all steps',
};

/** One file to save. Its name is the label alone; what is said under it describes it. */
function ExportItem(props: {
  readonly kind: ExportKind;
  readonly warning: string | null;
  readonly onChoose: (kind: ExportKind) => void;
}) {
  const { kind, warning, onChoose } = props;
  const about = useId();
  return (
    <Menu.Item aria-label={EXPORT_LABELS[kind]} aria-describedby={about} onClick={() => onChoose(kind)}>
      {EXPORT_LABELS[kind]}
      <span id={about} className="export-about">
        {DESCRIPTIONS[kind]}
        {warning !== null && <span className="export-warning">⚠ {tidy(warning)}</span>}
      </span>
    </Menu.Item>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const name = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of menu items, not of form fields
    <div role="group" aria-labelledby={name}>
      <Menu.Label id={name}>{title}</Menu.Label>
      {children}
    </div>
  );
}

/** What the float model of the shown step is. */
function useFloatTitle(): string {
  const step = useStudio((studio) => studio.shown);
  return step === 'equalize' || step === 'convert'
    ? 'Float model after Equalize'
    : `Original float model (nothing is equalized yet at ${STEP_WORDS[step].title})`;
}

/** The way to the equalized model while an earlier step is shown. */
function ShowEqualized() {
  const show = useStudio((studio) => studio.showStep);
  const isBehind = useStudio(
    ({ shown, view }) => view.steps.equalize !== undefined && shown !== 'equalize' && shown !== 'convert',
  );
  if (!isBehind) return null;
  return (
    <Menu.Item className="export-hint" closeMenuOnClick={false} onClick={() => show('equalize')}>
      Equalize is done: show it to export the equalized model
    </Menu.Item>
  );
}

/** Every file that the shown step can be saved as. */
export function ExportItems({ onChoose }: { onChoose: (kind: ExportKind) => void }) {
  const step = useStudio((studio) => studio.shown);
  const warning = useStudio(brokenExport);
  const isFloat = (kind: ExportKind) => FLOAT_EXPORTS.some((float) => float === kind);
  const item = (kind: ExportKind) => (
    <ExportItem key={kind} kind={kind} warning={isFloat(kind) ? warning : null} onChoose={onChoose} />
  );
  return (
    <>
      <Group title={useFloatTitle()}>
        {EXPORT_KINDS.filter(isFloat).map(item)}
        <ShowEqualized />
      </Group>
      <Group title={`Text of ${STEP_WORDS[step].title}, report of all steps`}>
        {EXPORT_KINDS.filter((kind) => !isFloat(kind)).map(item)}
      </Group>
      <p className="export-note">int8 models are simulated here; they are not exported yet.</p>
    </>
  );
}
