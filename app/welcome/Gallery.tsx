import { Button } from '@mantine/core';
import { Termed } from '../glossary/Term';
import { ContinueList } from '../panels/projects/ContinueList';
import { useStudio } from '../store/context';
import type { Sample } from '../store/samples';
import { DataWays, FromElsewhere, FromPyTorch } from './ModelWays';

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

/** The tour is offered, never forced: it begins when it is asked for. */
function TourOffer() {
  const isSeen = useStudio((studio) => studio.tourSeen);
  const isOn = useStudio((studio) => studio.tourStop !== null);
  const start = useStudio((studio) => studio.goOnTour);
  return (
    <Button size="xs" variant={isSeen ? 'default' : 'light'} disabled={isOn} onClick={() => start(0)}>
      {/* During the first tour it was not taken yet. */}
      {isSeen && !isOn ? 'Take the tour again' : 'Take the tour'}
    </Button>
  );
}

/** The first visit: what this is, samples that open at one click, and how a model of one's own comes in. */
export function Gallery() {
  const samples = useStudio((studio) => studio.samples);
  return (
    <main className="gallery" id="gallery" tabIndex={-1}>
      <div className="gallery-inner">
        <h2>Drop a model anywhere on this page</h2>
        <p className="gallery-lead">
          <Termed>
            See what int8 does to a neural network, and how equalization mends it: observers record ranges on
            your data, scales even them out, and the figures say what it gained.
          </Termed>{' '}
          Everything runs in this browser: no byte leaves the machine.
        </p>
        <ContinueList />
        <div className="gallery-begin">
          <h3>Start from a sample</h3>
          <TourOffer />
        </div>
        <ul className="cards">
          {(samples ?? []).toSorted(withLabelsFirst).map((sample) => (
            <SampleCard key={sample.id} sample={sample} />
          ))}
        </ul>
        <h3 className="gallery-own">Or bring your own</h3>
        <div className="gallery-ways">
          <FromPyTorch />
          <FromElsewhere />
          <DataWays />
        </div>
      </div>
    </main>
  );
}
