import type { TypeView } from '../../src/index';
import { Term } from '../glossary/Term';
import { useStudio } from '../store/context';
import { type Choice, EQUALIZATION_CHOICES, LAYER_QCONFIGS } from '../store/vocabulary';
import { BarPopover } from './BarPopover';
import { SmallSelect } from './SmallSelect';

const ON_OFF: readonly Choice<'on' | 'off'>[] = [
  { value: 'on', label: 'on', title: 'Equalized', available: true },
  { value: 'off', label: 'off', title: 'Left as they are', available: true },
];

/** What counts where neither a name nor a type decides. */
function GlobalRow() {
  const qconfig = useStudio((studio) => studio.settings.qconfig);
  const on = useStudio((studio) => studio.settings.equalization.global);
  const equalize = useStudio((studio) => studio.equalizeOthers);
  return (
    <tr>
      <th className="text" scope="row">
        global
      </th>
      <td />
      <td className="text" title="QConfig, at the top of the page">
        {qconfig}
      </td>
      <td className="text">
        <SmallSelect
          label="Equalize all others"
          choices={ON_OFF}
          value={on ? 'on' : 'off'}
          onChoose={(choice) => void equalize(choice === 'on')}
        />
      </td>
    </tr>
  );
}

function TypeRow({ type, calls, kind }: TypeView) {
  const qconfig = useStudio((studio) => studio.settings.qconfigs.byType[type]);
  const on = useStudio((studio) => studio.settings.equalization.byType[type]);
  const quantize = useStudio((studio) => studio.chooseTypeQConfig);
  const equalize = useStudio((studio) => studio.equalizeType);
  return (
    <tr data-type={type}>
      <th className="text mono" scope="row">
        {type}
      </th>
      <td>{calls === 0 ? 'fused' : calls}</td>
      <td className="text">
        <SmallSelect
          label={`Quantize ${type} as`}
          choices={LAYER_QCONFIGS}
          value={qconfig ?? 'global'}
          onChoose={(choice) => void quantize(type, choice)}
        />
      </td>
      <td className="text">
        {kind !== 'other' && (
          <SmallSelect
            label={`Equalize ${type}`}
            choices={EQUALIZATION_CHOICES}
            value={on === undefined ? 'global' : on ? 'on' : 'off'}
            onChoose={(choice) => void equalize(type, choice)}
          />
        )}
      </td>
    </tr>
  );
}

/** Types as these semantics tell them apart: what fusion makes of F.relu counts in PyTorch alone. */
function useTypes(): readonly TypeView[] {
  const types = useStudio((studio) => studio.view.types);
  const isExact = useStudio((studio) => studio.settings.semantics === 'exact');
  if (!isExact) return types;
  return types
    .filter(({ calls }) => calls > 0)
    .map((view) => (view.kind === 'fused' ? { ...view, kind: 'other' } : view));
}

function TypesTable() {
  const types = useTypes();
  return (
    <div className="types">
      <table className="grid">
        <thead>
          <tr>
            <th className="text">type</th>
            <th>calls</th>
            <th className="text">
              <Term id="qconfig">quantize as</Term>
            </th>
            <th className="text">
              <Term id="selection">equalize</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          <GlobalRow />
          {types.map((view) => (
            <TypeRow key={view.type} {...view} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Choices for all layers and ops of a type, and for the rest: PyTorch's QConfigMapping. */
export function QConfigMapping() {
  const isPyTorch = useStudio((studio) => studio.settings.semantics === 'pytorch');
  return (
    <BarPopover
      button="QConfig mapping…"
      shown={
        <>
          <span className="wide-only">QConfig&nbsp;</span>mapping…
        </>
      }
      title="QConfig mapping"
    >
      {() => (
        <>
          <p className="dim">
            A layer’s own choice in the table goes before its type, a type before the global choice.
            {isPyTorch &&
              ' PyTorch wants types that it fuses (Linear and ReLU) to have the same choice, and “float” or “off” of a type leaves fused layers as global.'}
          </p>
          <TypesTable />
        </>
      )}
    </BarPopover>
  );
}
