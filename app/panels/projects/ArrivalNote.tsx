import { Button } from '@mantine/core';
import { FILE_ACTIONS } from '../../actions/files';
import { useStudio, useStudioStore } from '../../store/context';
import { countOf } from '../../store/counting';
import type { InterruptedArrival } from '../../store/studio';

const namesOf = ({ names }: InterruptedArrival): string =>
  names.length < 4 ? names.join(', ') : `${names[0]} and ${countOf(names.length - 1, 'more file')}`;

const chooserOf = ({ way }: InterruptedArrival): string =>
  way === 'calibration' || way === 'evaluation' ? `open ${way}` : 'open model';

function Note({ arrival }: { arrival: InterruptedArrival }) {
  const store = useStudioStore();
  const openAgain = useStudio((studio) => studio.openAgain);
  const leave = useStudio((studio) => studio.leaveArrival);
  const names = namesOf(arrival);
  const choose = () => {
    leave(arrival.id);
    FILE_ACTIONS.find(({ id }) => id === chooserOf(arrival))?.run(store.getState());
  };
  return (
    <section className="interrupted" aria-label="Opening interrupted">
      <p>
        <b>{names} was being opened when the page went.</b>{' '}
        {arrival.files === null
          ? 'The browser had not kept it yet: choose it again.'
          : 'The browser has kept it.'}
      </p>
      {arrival.files === null ? (
        <Button size="compact-sm" onClick={choose}>
          Choose {names}…
        </Button>
      ) : (
        <Button size="compact-sm" onClick={() => void openAgain(arrival.id)}>
          Open {names} again
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => leave(arrival.id)}>
        Leave it
      </Button>
    </section>
  );
}

/** Files that were being opened when the page was reloaded or closed: the first of them. */
export function ArrivalNote() {
  const [first] = useStudio((studio) => studio.interruptedArrivals);
  const busy = useStudio((studio) => studio.job !== null);
  return first === undefined || busy ? null : <Note arrival={first} />;
}
