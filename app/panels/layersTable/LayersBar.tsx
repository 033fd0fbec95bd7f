import { useStudio, useStudioStore } from '../../store/context';
import { grouped } from '../../store/counting';
import { chosenLayers, shownLayers } from '../../store/layersTable/shownLayers';
import { type Choice, EQUALIZATION_CHOICES, LAYER_METHODS, LAYER_QCONFIGS } from '../../store/vocabulary';
import { LowestSqnr } from '../LowestSqnr';
import { QConfigMapping } from '../QConfigMapping';
import { SmallSelect } from '../SmallSelect';
import { PYTORCH_ONLY, shortType } from '../words';
import { ColumnsPopover } from './ColumnsPopover';
import { FilterPopover } from './FilterPopover';
import { FilterText } from './FilterText';

/** Which of the rows in sight to mark: all, none, or those of a type. */
function SelectRows() {
  const rows = useStudio((studio) => shownLayers(studio).rows);
  const markAll = useStudio((studio) => studio.markAll);
  const types = [...new Set(rows.map(({ layer }) => layer.type))];
  const choices: readonly Choice<string>[] = [
    { value: 'all', label: 'all', title: 'Every layer that the table shows', available: true },
    { value: 'none', label: 'none', title: 'No layer (Escape)', available: true },
    ...types.map((type) => ({ value: type, label: shortType(type), title: type, available: true })),
  ];
  const named = (choice: string) =>
    rows.flatMap(({ layer: { name, type } }) => (choice === 'all' || type === choice ? [name] : []));
  return (
    <SmallSelect
      label="Select layers"
      prompt="select…"
      choices={choices}
      value={null}
      onChoose={(choice) => markAll(named(choice))}
    />
  );
}

/** What is done to all marked rows at once. */
function MarkedActions() {
  const isNone = useStudio((studio) => chosenLayers(studio).length === 0);
  const store = useStudioStore();
  const { equalizeLayers, chooseMethod, chooseQConfig } = store.getState();
  const chosen = () => chosenLayers(store.getState());
  const isPytorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  const none = isNone ? 'Select layers first' : null;
  return (
    <>
      <SmallSelect
        label="Equalize selected layers"
        prompt="equalize…"
        choices={EQUALIZATION_CHOICES}
        value={null}
        disabledReason={none}
        onChoose={(choice) => void equalizeLayers(chosen(), choice)}
      />
      <SmallSelect
        label="Method of selected layers"
        prompt="method…"
        choices={LAYER_METHODS}
        value={null}
        disabledReason={isPytorch ? PYTORCH_ONLY : none}
        onChoose={(choice) => void chooseMethod(chosen(), choice)}
      />
      <SmallSelect
        label="Quantize selected layers as"
        prompt="quantize as…"
        choices={LAYER_QCONFIGS}
        value={null}
        disabledReason={none}
        onChoose={(choice) => void chooseQConfig(chosen(), choice)}
      />
    </>
  );
}

/** `2 of 40 selected`: of the rows in sight, which are those that a choice goes for. */
function Counts() {
  const shown = useStudio((studio) => shownLayers(studio).rows.length);
  const chosen = useStudio((studio) => chosenLayers(studio).length);
  const hidden = useStudio((studio) => studio.marked.length) - chosen;
  const words = `${grouped(chosen)} of ${grouped(shown)} selected`;
  const more = `${grouped(hidden)} more are selected that the filter hides: choices leave them alone`;
  return (
    <span className="layers-count" aria-live="polite" title={hidden > 0 ? `${words}; ${more}` : words}>
      {words}
      {hidden > 0 && ' *'}
    </span>
  );
}

/** Over the table: which rows it shows, and choices for several layers at once. */
export function LayersBar() {
  return (
    <div className="layers-bar">
      <FilterText />
      <FilterPopover />
      <SelectRows />
      <MarkedActions />
      <Counts />
      <span className="grow" />
      <LowestSqnr />
      <QConfigMapping />
      <ColumnsPopover />
    </div>
  );
}
