import type { DatasetView } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';

const FORMATS = {
  fx: 'FX model',
  onnx: 'ONNX model',
  pt: 'PyTorch state dict',
  pt2: 'torch.export program',
  tfjs: 'TensorFlow.js model',
} as const;

function Dataset({ title, data }: { title: string; data: DatasetView | null }) {
  if (data === null) return null;
  return (
    <>
      <h3>{title}</h3>
      <p className="mono-lines">
        {data.source}
        <br />
        {data.arrays.map((array) => (
          <span key={array}>
            {array}
            <br />
          </span>
        ))}
        {countOf(data.samples, 'sample')}
        {data.labels ? ', with labels' : ''}
        {data.origin === 'generated' ? ', made up' : ''}
      </p>
    </>
  );
}

/** What is open, while no node is selected. */
export function ModelSummary() {
  const { model, calibration, evaluation } = useStudio((studio) => studio.view);
  if (model === null) return null;
  return (
    <>
      <h2 className="inspector-name">{model.name}</h2>
      <p className="dim">
        {FORMATS[model.format]} · {countOf(model.parameters, 'parameter')}
      </p>
      <h3>Inputs</h3>
      <p className="mono-lines">
        {model.inputs.map(({ name, shape }) => (
          <span key={name}>
            {name} {shape}
            <br />
          </span>
        ))}
      </p>
      <Dataset title="Calibration data" data={calibration} />
      <Dataset title="Evaluation data" data={evaluation} />
      {model.notes.length > 0 && (
        <>
          <h3>Notes</h3>
          <ul className="notes">
            {model.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <p className="dim hint">Select a node to see its ranges; Escape comes back here.</p>
    </>
  );
}
