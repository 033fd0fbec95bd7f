import { useStudio } from '../store/context';
import { LAYER_QCONFIGS } from '../store/vocabulary';
import { SmallSelect } from './SmallSelect';

/** How one layer is quantized, where not as its type or the whole model. */
export function LayerQConfig({ layer, type }: { layer: string; type: string }) {
  const chosen = useStudio((studio) => studio.settings.qconfigs.byName[layer]);
  const ofType = useStudio((studio) => studio.settings.qconfigs.byType[type]);
  const choose = useStudio((studio) => studio.chooseQConfig);
  const choices = LAYER_QCONFIGS.map((choice) =>
    choice.value === 'global' && ofType !== undefined
      ? { ...choice, label: 'as type', title: `As ${type}: ${ofType === 'none' ? 'float' : ofType}` }
      : choice,
  );
  return (
    <SmallSelect
      label={`Quantize ${layer} as`}
      choices={choices}
      value={chosen ?? 'global'}
      onChoose={(choice) => void choose([layer], choice)}
    />
  );
}
