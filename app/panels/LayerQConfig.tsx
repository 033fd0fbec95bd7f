import { NativeSelect } from '@mantine/core';
import { useStudio } from '../store/context';
import { choiceOf, LAYER_QCONFIGS, type LayerQConfigChoice } from '../store/vocabulary';

interface QConfigSelectProps {
  readonly label: string;
  readonly value: LayerQConfigChoice | '';
  readonly onChoose: (choice: LayerQConfigChoice) => void;
  /** What the select shows when nothing is chosen. */
  readonly prompt?: string;
}

function QConfigSelect({ label, value, onChoose, prompt }: QConfigSelectProps) {
  const busy = useStudio((studio) => studio.job !== null);
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      disabled={busy}
      onChange={(event) => {
        const choice = choiceOf(LAYER_QCONFIGS, event.currentTarget.value);
        if (choice !== undefined) onChoose(choice);
      }}
    >
      {prompt !== undefined && <option value="">{prompt}</option>}
      {LAYER_QCONFIGS.map((choice) => (
        <option key={choice.value} value={choice.value} title={choice.title}>
          {choice.label}
        </option>
      ))}
    </NativeSelect>
  );
}

/** How one layer is quantized, where not as the whole model. */
export function LayerQConfig({ layer }: { layer: string }) {
  const chosen = useStudio((studio) => studio.settings.qconfigs.byName[layer]);
  const choose = useStudio((studio) => studio.chooseQConfig);
  return (
    <QConfigSelect
      label={`Quantize ${layer} as`}
      value={chosen ?? 'global'}
      onChoose={(choice) => void choose([layer], choice)}
    />
  );
}

/** Gives every layer of the table the same qconfig. */
export function AllLayersQConfig() {
  const layers = useStudio((studio) => studio.view.layers);
  const choose = useStudio((studio) => studio.chooseQConfig);
  return (
    <QConfigSelect
      label="Set all shown"
      value=""
      prompt="set all…"
      onChoose={(choice) => {
        const names = layers.map(({ name }) => name);
        void choose(names, choice);
      }}
    />
  );
}
