import { useStudio } from '../store/context';
import { type Choice, EQUALIZATION_CHOICES, LAYER_METHODS, LAYER_QCONFIGS } from '../store/vocabulary';
import { LowestSqnr } from './LowestSqnr';
import { QConfigMapping } from './QConfigMapping';
import { SmallSelect } from './SmallSelect';
import { PYTORCH_ONLY, shortType } from './words';

/** Which rows to mark: all, none, or those of a type. */
function SelectRows() {
  const layers = useStudio((studio) => studio.view.layers);
  const markAll = useStudio((studio) => studio.markAll);
  const types = [...new Set(layers.map(({ type }) => type))];
  const choices: readonly Choice<string>[] = [
    { value: 'all', label: 'all', title: 'Every layer', available: true },
    { value: 'none', label: 'none', title: 'No layer (Escape)', available: true },
    ...types.map((type) => ({ value: type, label: shortType(type), title: type, available: true })),
  ];
  const named = (choice: string) =>
    layers.filter(({ type }) => choice === 'all' || type === choice).map(({ name }) => name);
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
  const marked = useStudio((studio) => studio.marked);
  const equalize = useStudio((studio) => studio.equalizeLayers);
  const quantize = useStudio((studio) => studio.chooseQConfig);
  const chooseMethod = useStudio((studio) => studio.chooseMethod);
  const isPytorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  const none = marked.length === 0 ? 'Select layers first' : null;
  return (
    <>
      <SmallSelect
        label="Equalize selected layers"
        prompt="equalize…"
        choices={EQUALIZATION_CHOICES}
        value={null}
        disabledReason={none}
        onChoose={(choice) => void equalize(marked, choice)}
      />
      <SmallSelect
        label="Method of selected layers"
        prompt="method…"
        choices={LAYER_METHODS}
        value={null}
        disabledReason={isPytorch ? PYTORCH_ONLY : none}
        onChoose={(choice) => void chooseMethod(marked, choice)}
      />
      <SmallSelect
        label="Quantize selected layers as"
        prompt="quantize as…"
        choices={LAYER_QCONFIGS}
        value={null}
        disabledReason={none}
        onChoose={(choice) => void quantize(marked, choice)}
      />
    </>
  );
}

/** Over the table: choices for several layers at once. Everything keeps its place, whatever is selected. */
export function LayersBar() {
  const all = useStudio((studio) => studio.view.layers.length);
  const marked = useStudio((studio) => studio.marked.length);
  return (
    <div className="layers-bar">
      <SelectRows />
      <span className="layers-count" aria-live="polite">
        {marked} of {all} selected
      </span>
      <MarkedActions />
      <span className="grow" />
      <LowestSqnr />
      <QConfigMapping />
    </div>
  );
}
