import { useStudio } from '../../store/context';

/** Stands with figures that were found on generated samples. */
export function MadeUp() {
  const isMadeUp = useStudio((studio) => studio.view.calibration?.origin === 'generated');
  if (!isMadeUp) return null;
  return (
    <span
      className="tag made-up"
      title="Ranges and figures found on generated samples say little of real data"
    >
      generated data
    </span>
  );
}
