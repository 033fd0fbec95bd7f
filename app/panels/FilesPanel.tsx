import { Button, Tooltip } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { DatasetView } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { DATA_EXTENSIONS, MODEL_EXTENSIONS, namesOf, withPath } from '../store/files';
import { DataTools } from './data/DataTools';
import { FirstLook } from './data/FirstLook';
import { OVER_GRAPH } from './overGraph';
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
  /** Offers a folder, of images, as well. */
  readonly folderTestId?: string;
  /** Stands behind what is open, in its line: rows that follow do not move when it goes. */
  readonly offer?: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A second button for a folder; browsers have no dialog that takes both. */
function FolderButton({ testId, button, disabledReason, onFiles }: Omit<FileRowProps, 'accept'>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        disabled={disabledReason !== null}
        aria-label={button.replace('data…', 'folder…')}
        title="A folder of images"
        onClick={() => input.current?.click()}
      >
        Folder…
      </Button>
      <input
        ref={(element) => {
          input.current = element;
          // React knows no such property.
          if (element) element.webkitdirectory = true;
        }}
        type="file"
        multiple
        className="visually-hidden"
        data-testid={testId}
        aria-label={button.replace('data…', 'folder')}
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])].map((file) => withPath(file));
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

/** A button for a hidden file input, and beside it the file that is open. */
function FileRow(props: FileRowProps) {
  const { testId, button, accept, current, title, disabledReason, folderTestId, offer, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={folderTestId === undefined ? 'file-row' : 'file-row data-row'}>
      <Tooltip
        label={disabledReason ?? title}
        openDelay={400}
        multiline
        maw={280}
        {...OVER_GRAPH}
        position="right"
      >
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
        {offer}
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
      {folderTestId !== undefined && <FolderButton {...props} testId={folderTestId} />}
    </div>
  );
}

const datasetWords = (data: DatasetView | null): string =>
  data === null ? 'none' : `${countOf(data.samples, 'sample')} · ${data.source}`;

/** Images that were left out, and why. */
function Notes() {
  const { calibration, evaluation } = useStudio((studio) => studio.view);
  const notes = new Set([...(calibration?.notes ?? []), ...(evaluation?.notes ?? [])]);
  return [...notes].map((note) => (
    <p key={note} className="data-notes" title={note}>
      {note}
    </p>
  ));
}

/** Data that was dropped before its model. */
function Waiting() {
  const pending = useStudio((studio) => studio.pending);
  if (pending.length === 0) return null;
  return <p className="files-waiting">Waits for a model: {namesOf(pending)}</p>;
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
    title: 'Inputs to record ranges on: .npy, .npz, .csv or .safetensors (axis 0 counts samples), or images',
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
      folderTestId={`${purpose}-folder`}
      button={button}
      accept={DATA_EXTENSIONS}
      current={datasetWords(view[purpose])}
      title={title}
      disabledReason={disabledReason}
      offer={purpose === 'calibration' && view.model !== null && view[purpose] === null && <FirstLook />}
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
        title="An FX model or a state dict (.safetensors), .onnx with the files of its external data, .pt2, a state dict (.pt, .pth), or TensorFlow.js’ model.json with its .bin files"
        disabledReason={wait}
        onFiles={(files) => void openModel(files)}
      />
      <DataRows disabledReason={wait ?? (model === null ? 'Open a model first' : null)} />
      <div className="files-foot">
        <DataTools />
        <a className="exporter" href={EXPORTER.file} download={EXPORTER.file} aria-label={EXPORTER.name}>
          {EXPORTER.file}
        </a>
      </div>
      <Notes />
      <Waiting />
      <UnfinishedLayers />
    </section>
  );
}
