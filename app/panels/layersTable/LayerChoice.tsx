import type { LayerView } from '../../../src/index';
import { useStudio } from '../../store/context';

/** Whether the layer is to be equalized: the user's choice. */
export function LayerChoice({ layer: { name, selectedUnnamed } }: { layer: LayerView }) {
  const named = useStudio((studio) => studio.settings.equalization.byName[name]);
  const busy = useStudio((studio) => studio.job !== null);
  const choose = useStudio((studio) => studio.equalizeLayers);
  return (
    <input
      type="checkbox"
      className="plain-check"
      aria-label={`Equalize ${name}`}
      checked={named ?? selectedUnnamed}
      disabled={busy}
      onChange={(event) => void choose([name], event.currentTarget.checked ? 'on' : 'off')}
    />
  );
}
