import { Menu } from '@mantine/core';
import { Fragment, type ReactNode, useId } from 'react';
import type { ExportKind } from '../../src/index';
import { mulCount } from '../actions/exports';
import { saveReport } from '../actions/reports';
import { REPORT_ABOUT, REPORT_FORMATS, REPORT_LABELS } from '../report/formats';
import { useStudio, useStudioStore } from '../store/context';
import { brokenExport } from '../store/selectors';
import type { Studio } from '../store/studio';
import { EXPORT_KINDS, EXPORT_LABELS, FLOAT_EXPORTS, STEP_WORDS } from '../store/vocabulary';
import { tidy } from './format';

const DESCRIPTIONS: { readonly [K in ExportKind]: string } = {
  safetensors: 'FX graph and weights, without observers',
  pt: 'State dict for torch.load and load_state_dict',
  onnx: 'For ONNX Runtime and the like, without observers',
  quantized: 'int8 in QDQ form: ONNX Runtime runs it on integer kernels',
  text: 'The shown graph as FX prints it',
  report: 'Settings, ranges, scales and figures of all steps',
};

/** One file to save. Its name is the label alone; what is said under it describes it. */
function MenuFile(props: {
  readonly label: string;
  readonly about: ReactNode;
  readonly isDisabled?: boolean;
  readonly onChoose: () => void;
}) {
  const { label, about, isDisabled = false, onChoose } = props;
  const id = useId();
  return (
    <Menu.Item aria-label={label} aria-describedby={id} disabled={isDisabled} onClick={onChoose}>
      {label}
      <span id={id} className="export-about">
        {about}
      </span>
    </Menu.Item>
  );
}

function ExportItem(props: {
  readonly kind: ExportKind;
  readonly warning: string | null;
  /** Why it cannot be saved; null when it can. */
  readonly reason?: string | null;
  readonly onChoose: (kind: ExportKind) => void;
}) {
  const { kind, warning, reason = null, onChoose } = props;
  const about = (
    <>
      {reason ?? DESCRIPTIONS[kind]}
      {warning !== null && <span className="export-warning">⚠ {tidy(warning)}</span>}
    </>
  );
  return (
    <MenuFile
      label={EXPORT_LABELS[kind]}
      about={about}
      isDisabled={reason !== null}
      onChoose={() => onChoose(kind)}
    />
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

/** Why there is no quantized model to save; null where there is one. */
const noQuantized = ({ view }: Studio): string | null =>
  view.steps.convert === undefined ? 'Run Convert first: it makes the int8 model' : null;

/** The state dict of a model with muls is more than its modules hold; of one with folds alone it is not. */
function StateDictNote() {
  const count = useStudio(mulCount);
  if (count === 0) return null;
  return (
    <p className="export-note">
      {count === 1 ? '1 layer has a mul' : `${count} layers have a mul`} in front, which your module lacks.
      The file holds the scales too, named <code>…_equalization_scale…</code>: load it with strict=False and
      multiply yourself, or take Weights (.safetensors), which has the graph, by fx_export.py.
    </p>
  );
}

/** The work as it stands, written for people. */
function ReportItems() {
  const store = useStudioStore();
  return REPORT_FORMATS.map((format) => (
    <MenuFile
      key={format}
      label={REPORT_LABELS[format]}
      about={REPORT_ABOUT[format]}
      onChoose={() => void saveReport(store.getState(), format)}
    />
  ));
}

/** Every file that the shown step can be saved as. */
export function ExportItems({ onChoose }: { onChoose: (kind: ExportKind) => void }) {
  const step = useStudio((studio) => studio.shown);
  const warning = useStudio(brokenExport);
  const missing = useStudio(noQuantized);
  const isFloat = (kind: ExportKind) => FLOAT_EXPORTS.some((float) => float === kind);
  const item = (kind: ExportKind) => (
    <ExportItem key={kind} kind={kind} warning={isFloat(kind) ? warning : null} onChoose={onChoose} />
  );
  return (
    <>
      <Group title={useFloatTitle()}>
        {EXPORT_KINDS.filter(isFloat).map((kind) => (
          <Fragment key={kind}>
            {item(kind)}
            {kind === 'pt' && <StateDictNote />}
          </Fragment>
        ))}
        <ShowEqualized />
      </Group>
      <Group title="Quantized model after Convert">
        <ExportItem kind="quantized" warning={warning} reason={missing} onChoose={onChoose} />
      </Group>
      <Group title={`Text of ${STEP_WORDS[step].title}, report of all steps`}>
        {EXPORT_KINDS.filter((kind) => !isFloat(kind) && kind !== 'quantized').map(item)}
        <ReportItems />
      </Group>
    </>
  );
}
