import type { DataOptions, ImageSettings } from '../../../src/index';
import type { Choice } from '../../store/vocabulary';
import { Segmented } from '../Segmented';
import { NumberField } from './NumberField';

type Normalizations = NonNullable<DataOptions['images']>['normalizations'];
type Preset = keyof Normalizations | 'own';

const PRESETS: readonly Choice<Preset>[] = [
  { value: 'unit', label: '0…1', title: 'value / 255', available: true },
  { value: 'imagenet', label: 'ImageNet', title: 'torchvision’s mean and std', available: true },
  { value: 'symmetric', label: '−1…1', title: 'mean and std 0.5', available: true },
  { value: 'bytes', label: '0…255', title: 'as they are stored', available: true },
  { value: 'own', label: 'own', title: 'mean and std as below', available: true },
];

const PRESET_NAMES = ['unit', 'imagenet', 'symmetric', 'bytes'] as const;

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, i) => value === other[i]);

function presetOf(known: Normalizations, { mean, std }: ImageSettings): Preset {
  const found = PRESET_NAMES.find((name) => same(known[name].mean, mean) && same(known[name].std, std));
  return found ?? 'own';
}

const CHANNELS = { rgb: ['red', 'green', 'blue'], bgr: ['blue', 'green', 'red'], grey: ['grey'] } as const;

interface NormalizationProps {
  readonly settings: ImageSettings;
  readonly known: Normalizations;
  readonly onChange: (settings: ImageSettings) => void;
}

/** Mean and std per channel, by a preset or by numbers. */
export function Normalization({ settings, known, onChange }: NormalizationProps) {
  const set = (key: 'mean' | 'std', channel: number, value: number | null) =>
    onChange({ ...settings, [key]: settings[key].map((old, i) => (i === channel ? (value ?? 0) : old)) });
  return (
    <>
      <Segmented
        label="Values"
        choices={PRESETS}
        value={presetOf(known, settings)}
        onChange={(preset) => preset !== 'own' && onChange({ ...settings, ...known[preset] })}
      />
      {(['mean', 'std'] as const).map((key) => (
        <div key={key} className="form-row">
          <span className="row-name">{key}</span>
          {CHANNELS[settings.channels].map((colour, channel) => (
            <NumberField
              key={colour}
              label={`${key} of ${colour}`}
              value={settings[key][channel] ?? 0}
              onChange={(value) => set(key, channel, value)}
            />
          ))}
        </div>
      ))}
    </>
  );
}
