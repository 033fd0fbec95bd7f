import { useStudio } from '../../store/context';

/** What a model without data offers: samples made up at one click. */
export function FirstLook() {
  const load = useStudio((studio) => studio.firstLook);
  const busy = useStudio((studio) => studio.job !== null);
  return (
    <button type="button" className="file-offer" disabled={busy} onClick={() => void load()}>
      Generate samples
    </button>
  );
}
