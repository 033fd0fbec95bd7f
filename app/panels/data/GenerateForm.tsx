import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DataOptions, Distribution, GeneratedInput, GeneratedSettings } from '../../../src/index';
import { useStudio } from '../../store/context';
import type { Choice } from '../../store/vocabulary';
import { shortShape } from '../format';
import { SmallSelect } from '../SmallSelect';
import { NumberField } from './NumberField';

const KINDS: readonly Choice<Distribution['kind']>[] = [
  { value: 'normal', label: 'normal', title: 'Normal, by mean and standard deviation', available: true },
  { value: 'uniform', label: 'uniform', title: 'Evenly within a range', available: true },
  { value: 'integers', label: 'integers', title: 'Whole numbers, both ends included', available: true },
];

const first = (kind: Distribution['kind'], indices: number | null): Distribution => {
  if (kind === 'normal') return { kind, mean: 0, std: 1 };
  return kind === 'uniform' ? { kind, low: 0, high: 1 } : { kind, low: 0, high: (indices ?? 256) - 1 };
};

interface InputRowProps {
  readonly input: GeneratedInput;
  readonly distribution: Distribution;
  readonly onChange: (distribution: Distribution) => void;
}

/** The two numbers of a distribution. */
function RangeFields({ name, distribution, onChange }: Omit<InputRowProps, 'input'> & { name: string }) {
  if (distribution.kind === 'normal')
    return (
      <>
        <NumberField
          label={`Mean of ${name}`}
          shown="mean"
          value={distribution.mean}
          onChange={(mean) => onChange({ ...distribution, mean: mean ?? 0 })}
        />
        <NumberField
          label={`Standard deviation of ${name}`}
          shown="std"
          value={distribution.std}
          onChange={(std) => onChange({ ...distribution, std: std ?? 0 })}
        />
      </>
    );
  return (
    <>
      <NumberField
        label={`Lowest of ${name}`}
        shown="from"
        value={distribution.low}
        onChange={(low) => onChange({ ...distribution, low: low ?? 0 })}
      />
      <NumberField
        label={`Highest of ${name}`}
        shown="to"
        value={distribution.high}
        onChange={(high) => onChange({ ...distribution, high: high ?? 0 })}
      />
    </>
  );
}

/** Values of one input: how they are spread, and by which two numbers. */
function InputRow({ input: { name, shape, indices }, distribution, onChange }: InputRowProps) {
  return (
    <tr>
      <th className="text" scope="row">
        {name} <span className="dim">{shape ? shortShape(`[${shape.join(', ')}]`) : ''}</span>
      </th>
      <td>
        <SmallSelect
          label={`Values of ${name}`}
          choices={KINDS}
          value={distribution.kind}
          disabledReason={indices === null ? null : `Indices of an embedding of ${indices} rows`}
          onChoose={(kind) => onChange(first(kind, indices))}
        />
      </td>
      <td className="range-fields">
        <RangeFields name={name} distribution={distribution} onChange={onChange} />
      </td>
    </tr>
  );
}

/** Sizes that the model leaves open. */
function Sizes({
  options,
  settings,
  onChange,
}: {
  options: DataOptions;
  settings: GeneratedSettings;
  onChange: (settings: GeneratedSettings) => void;
}) {
  const unknown = options.inputs.filter(({ shape }) => shape === null);
  if (options.openSizes.length + unknown.length === 0) return null;
  return (
    <fieldset className="form-row">
      <legend>Sizes that the model leaves open</legend>
      {options.openSizes.map((key) => (
        <NumberField
          key={key}
          label={`Size of ${key}`}
          shown={key}
          value={settings.sizes[key] ?? null}
          onChange={(size) => onChange({ ...settings, sizes: { ...settings.sizes, [key]: size ?? 0 } })}
        />
      ))}
      {unknown.map(({ name }) => (
        <ShapeField
          key={name}
          name={name}
          shape={settings.shapes[name] ?? []}
          onChange={(shape) => onChange({ ...settings, shapes: { ...settings.shapes, [name]: shape } })}
        />
      ))}
    </fieldset>
  );
}

/** `3, 224, 224`: the shape of one sample, where the model tells nothing of it. */
function ShapeField({
  name,
  shape,
  onChange,
}: {
  name: string;
  shape: readonly number[];
  onChange: (shape: readonly number[]) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label className="field">
      one sample of {name}
      <input
        className="shape-field"
        value={typed ?? shape.join(', ')}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          onChange(
            event.currentTarget.value
              .split(/[\s,×x]+/)
              .filter((part) => part !== '')
              .map(Number),
          );
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

function Form({ options, close }: { options: DataOptions; close: () => void }) {
  const [settings, setSettings] = useState(options.generated);
  const generateData = useStudio((studio) => studio.generateData);
  const { inputs } = options;
  return (
    <form
      className="data-form"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        void generateData(settings);
      }}
    >
      <p className="dim">
        For a first look without data. Figures found on made-up samples say little of real ones; page and
        report mark them.
      </p>
      <table className="grid">
        <tbody>
          {inputs.map((input) => {
            const distribution = settings.inputs[input.name];
            return (
              distribution && (
                <InputRow
                  key={input.name}
                  input={input}
                  distribution={distribution}
                  onChange={(next) =>
                    setSettings({ ...settings, inputs: { ...settings.inputs, [input.name]: next } })
                  }
                />
              )
            );
          })}
        </tbody>
      </table>
      <Sizes options={options} settings={settings} onChange={setSettings} />
      <div className="form-row">
        <NumberField
          label="Number of samples"
          shown="samples"
          value={settings.samples}
          onChange={(samples) => setSettings({ ...settings, samples: samples ?? 0 })}
        />
        <NumberField
          label="Seed"
          shown="seed"
          value={settings.seed}
          onChange={(seed) => setSettings({ ...settings, seed: seed ?? 0 })}
        />
        <Button type="submit" size="compact-sm">
          Generate samples
        </Button>
      </div>
    </form>
  );
}

/** Settings of generated data; they come from the engine, which knows the model's inputs. */
export function GenerateForm({ close }: { close: () => void }) {
  const options = useStudio((studio) => studio.dataOptions);
  const load = useStudio((studio) => studio.loadDataOptions);
  useEffect(() => {
    if (options === null) void load();
  }, [options, load]);
  return options === null ? (
    <p className="dim">Looking at the model…</p>
  ) : (
    <Form options={options} close={close} />
  );
}
