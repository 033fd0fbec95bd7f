import { Button, Checkbox } from '@mantine/core';
import { useStudio } from '../../store/context';
import { filterCount } from '../../store/layersTable/layersTableSlice';
import type { LayerFilter } from '../../store/studio';
import { type Choice, choiceOf } from '../../store/vocabulary';
import { BarPopover } from '../BarPopover';
import { NumberField } from '../data/NumberField';
import { shortType } from '../words';

type Chosen<T extends string> = T | 'any';

const choice = <T extends string>(value: T, label: string, title = ''): Choice<T> => ({
  value,
  label,
  title,
  available: true,
});

const DECISIONS: readonly Choice<Chosen<NonNullable<LayerFilter['decision']>>>[] = [
  choice('any', 'any'),
  choice('fold', 'fold'),
  choice('mul', 'mul'),
  choice('skip', 'skip'),
  choice('open', 'not decided yet'),
];
const CHOSEN: readonly Choice<Chosen<'on' | 'off'>>[] = [
  choice('any', 'any'),
  choice('on', 'on'),
  choice('off', 'off'),
];

function FilterSelect<T extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<Chosen<T>>[];
  readonly value: T | null;
  readonly onChange: (value: T | null) => void;
}) {
  const { label, choices, value, onChange } = props;
  return (
    <label className="filter-part">
      <span>{label}</span>
      <select
        className="plain-select"
        value={value ?? 'any'}
        onChange={(event) => {
          const chosen = choiceOf<Chosen<T>>(choices, event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen === 'any' ? null : chosen);
        }}
      >
        {choices.map(({ value: name, label: shown }) => (
          <option key={name} value={name}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

function useTypeChoices(): readonly Choice<string>[] {
  const layers = useStudio((studio) => studio.view.layers);
  const types = [...new Set(layers.map(({ type }) => type))];
  return [choice('any', 'any'), ...types.map((type) => choice(type, shortType(type), type))];
}

function FilterForm() {
  const filter = useStudio((studio) => studio.layerFilter);
  const change = useStudio((studio) => studio.filterLayers);
  const clear = useStudio((studio) => studio.clearLayerFilter);
  const types = useTypeChoices();
  return (
    <div className="filter-form">
      <FilterSelect
        label="Decision"
        choices={DECISIONS}
        value={filter.decision}
        onChange={(decision) => change({ decision })}
      />
      <FilterSelect label="Type" choices={types} value={filter.type} onChange={(type) => change({ type })} />
      <FilterSelect
        label="Equalize"
        choices={CHOSEN}
        value={filter.equalize}
        onChange={(equalize) => change({ equalize })}
      />
      <div className="filter-part">
        <span aria-hidden>SQNR below, dB</span>
        <NumberField
          label="SQNR below, dB"
          value={filter.below}
          mayBeEmpty
          onChange={(below) => change({ below })}
        />
      </div>
      <Checkbox
        size="xs"
        label="Worse with equalization than without"
        checked={filter.losing}
        onChange={(event) => change({ losing: event.currentTarget.checked })}
      />
      <Button size="compact-xs" variant="default" onClick={clear}>
        Clear filter
      </Button>
    </div>
  );
}

/** The parts of the filter beside its text. What is at work is counted on the button. */
export function FilterPopover() {
  const count = useStudio((studio) => filterCount(studio.layerFilter));
  return (
    <BarPopover
      button={count === 0 ? 'Filter…' : `Filter (${count})…`}
      title="Show only layers with"
      isActive={count > 0}
      width={270}
    >
      {() => <FilterForm />}
    </BarPopover>
  );
}
