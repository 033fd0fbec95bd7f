import { Button, Tooltip } from '@mantine/core';
import { useRef } from 'react';
import type { DatasetView } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { DATA_EXTENSIONS, MODEL_EXTENSIONS } from '../store/files';
import { EXPORTER } from './words';

interface FileRowProps {
  readonly testId: string;
  readonly button: string;
  readonly accept: string;
  /** What is open now. */
  readonly current: string;
  readonly title: string;
  /** Why no file can be taken now; null when one can. */
  readonly disabledReason: string | null;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button for a hidden file input, and beside it the file that is open. */
function FileRow({ testId, button, accept, current, title, disabledReason, onFiles }: FileRowProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="file-row">
      <Tooltip label={disabledReason ?? title} openDelay={400} multiline maw={280} position="right">
        <Button
          size="compact-xs"
          variant="default"
          disabled={disabledReason !== null}
          onClick={() => input.current?.click()}
        >
          {button}
        </Button>
      </Tooltip>
      <span className="file-current" title={current}>
        {current}
      </span>
      <input
        ref={input}
        type="file"
        multiple
        className="visually-hidden"
        data-testid={testId}
        aria-label={button.replace('…', ' files')}
        accept={accept}
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file chosen again must count as a choice.
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}

const datasetWords = (data: DatasetView | null): string =>
  data === null ? 'none' : `${countOf(data.samples, 'sample')} · ${data.source}`;

/** Data that was dropped before its model. */
function Waiting() {
  const pending = useStudio((studio) => studio.pending);
  if (pending.length === 0) return null;
  return <p className="files-waiting">Waits for a model: {pending.map((file) => file.name).join(', ')}</p>;
}

/** Layers of a file without a graph that were put away unfinished. */
function UnfinishedLayers() {
  const assistant = useStudio((studio) => studio.assistant);
  const showLayers = useStudio((studio) => studio.showLayers);
  if (assistant === null) return null;
  return (
    <Button size="compact-xs" variant="default" onClick={() => showLayers(true)}>
      Layers of {assistant.proposal.file}…
    </Button>
  );
}

const DATA_ROWS = [
  {
    purpose: 'calibration',
    button: 'Calibration data…',
    title: 'Inputs to record ranges on: .npy, .npz, .csv or .safetensors; axis 0 counts samples',
  },
  {
    purpose: 'evaluation',
    button: 'Evaluation data…',
    title:
      'Inputs with an integer array “labels” or “y”: gives the accuracy of float, int8 and int8 equalized',
  },
] as const;

function DataRows({ disabledReason }: { disabledReason: string | null }) {
  const view = useStudio((studio) => studio.view);
  const openData = useStudio((studio) => studio.openData);
  return DATA_ROWS.map(({ purpose, button, title }) => (
    <FileRow
      key={purpose}
      testId={`${purpose}-files`}
      button={button}
      accept={DATA_EXTENSIONS}
      current={datasetWords(view[purpose])}
      title={title}
      disabledReason={disabledReason}
      onFiles={(files) => void openData(purpose, files)}
    />
  ));
}

/** The files that the work starts from. */
export function FilesPanel() {
  const model = useStudio((studio) => studio.view.model);
  const busy = useStudio((studio) => studio.job !== null);
  const openModel = useStudio((studio) => studio.openModel);
  const wait = busy ? 'Wait for the job that is running' : null;
  return (
    <section className="files" aria-label="Files">
      <FileRow
        testId="model-files"
        button="Open model…"
        accept={MODEL_EXTENSIONS}
        current={model?.name ?? 'none'}
        title="An FX model (.safetensors), .onnx with the files of its external data, .pt2, or weights (.pt)"
        disabledReason={wait}
        onFiles={(files) => void openModel(files)}
      />
      <DataRows disabledReason={wait ?? (model === null ? 'Open a model first' : null)} />
      <Waiting />
      <UnfinishedLayers />
      <a className="exporter" href={EXPORTER.file} download={EXPORTER.file}>
        {EXPORTER.name}
      </a>
    </section>
  );
}
