import { useStudio } from '../store/context';
import type { Sample } from '../store/samples';
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
        <p className="gallery-lead">
          <code>.onnx</code>, <code>.pt2</code>, an FX model in <code>.safetensors</code>, or a state dict in{' '}
          <code>.pt</code>; with its calibration data in <code>.npy</code>, <code>.npz</code> or{' '}
          <code>.csv</code>. Everything runs in this browser: no byte leaves the machine.
        </p>
        <p className="gallery-lead">
          The{' '}
          <a className="exporter" href={EXPORTER.file} download={EXPORTER.file}>
            {EXPORTER.name}
          </a>{' '}
          writes FX models.
        </p>
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
