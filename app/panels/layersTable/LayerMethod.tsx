import { useStudio } from '../../store/context';
import { LAYER_METHODS, type LayerMethodChoice } from '../../store/vocabulary';
import { SmallSelect } from '../SmallSelect';
import { PYTORCH_ONLY } from '../words';

/** How the scale of one layer's region is found, where not as the whole model's. */
export function LayerMethod({ layer, method }: { layer: string; method: LayerMethodChoice }) {
  const isPytorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  const choose = useStudio((studio) => studio.chooseMethod);
  return (
    <SmallSelect
      label={`Equalize ${layer} by`}
      choices={LAYER_METHODS}
      value={isPytorch ? 'global' : method}
      disabledReason={isPytorch ? PYTORCH_ONLY : null}
      onChoose={(choice) => void choose([layer], choice)}
    />
  );
}
