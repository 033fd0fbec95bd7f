import { useStudio } from '../store/context';
import type { Sample } from '../store/samples';
import { ContinueList } from './projects/ContinueList';
import { EXPORTER } from './words';

/** A sample with labels shows accuracy too: the better one to begin with. */
const withLabelsFirst = (one: Sample, other: Sample): number =>
  other.evaluation.length - one.evaluation.length;

function SampleCard({ sample }: { sample: Sample }) {
  const busy = useStudio((studio) => studio.job !== null);
  const openSample = useStudio((studio) => studio.openSample);
  return (
    <li className="card" data-sample={sample.id}>
      <button
        type="button"
        className="card-button"
        disabled={busy}
        onClick={() => void openSample(sample.id)}
      >
        {sample.title}
      </button>
      <p>{sample.description}</p>
      <small>{sample.evaluation.length > 0 ? 'with data and labels' : 'with data'}</small>
    </li>
  );
}

/** The first visit: samples that open at one click, and what may be dropped. */
export function Gallery() {
  const samples = useStudio((studio) => studio.samples);
  return (
    <main className="gallery">
      <div className="gallery-inner">
        <h2>Drop a model anywhere on this page</h2>
        <p className="gallery-lead">Everything runs in this browser: no byte leaves the machine.</p>
        <dl className="gallery-formats">
          <dt>Model</dt>
          <dd>
            ONNX (<code>.onnx</code>), PyTorch (<code>.pt2</code>, an FX model in <code>.safetensors</code>, a
            state dict in <code>.pt</code>, <code>.pth</code> or <code>.safetensors</code>), TensorFlow.js (
            <code>model.json</code> with its <code>.bin</code> files)
          </dd>
          <dt>Data</dt>
          <dd>
            <code>.npy</code>, <code>.npz</code>, <code>.csv</code>, <code>.safetensors</code>, images or a
            folder of them; or let the studio make samples up
          </dd>
          <dt>Your module</dt>
          <dd>
            The{' '}
            <a className="exporter" href={EXPORTER.file} download={EXPORTER.file}>
              {EXPORTER.name}
            </a>{' '}
            writes it as an FX model
          </dd>
        </dl>
        <ContinueList />
        <h3>Or start from a sample</h3>
        <ul className="cards">
          {(samples ?? []).toSorted(withLabelsFirst).map((sample) => (
            <SampleCard key={sample.id} sample={sample} />
          ))}
        </ul>
      </div>
    </main>
  );
}
