import { Checkbox } from '@mantine/core';
import type { LayerView } from '../../src/index';
import { useStudio } from '../store/context';
import { DecisionTag } from './DecisionTag';
import { formatDb, formatGain, formatRatio, gainTone, tidy } from './format';
import { LayerMark } from './LayerMark';
import { LayerQConfig } from './LayerQConfig';

const beforeAfter = (ratio: readonly [number, number | null] | null): string => {
  if (ratio === null) return '—';
  const [before, after] = ratio;
  return after === null ? formatRatio(before) : `${formatRatio(before)} → ${formatRatio(after)}`;
};

/** Whether the layer is to be equalized: the user's choice. */
function LayerChoice({ layer: { name, selectedUnnamed } }: { layer: LayerView }) {
  const named = useStudio((studio) => studio.settings.equalization.byName[name]);
  const busy = useStudio((studio) => studio.job !== null);
  const choose = useStudio((studio) => studio.equalizeLayers);
  return (
    <Checkbox
      size="xs"
      aria-label={`Equalize ${name}`}
      checked={named ?? selectedUnnamed}
      disabled={busy}
      onChange={(event) => void choose([name], event.currentTarget.checked ? 'on' : 'off')}
    />
  );
}

export function LayerRow({ layer }: { layer: LayerView }) {
  const goTo = useStudio((studio) => studio.goTo);
  const current = useStudio((studio) => studio.selected === layer.name);
  const isMarked = useStudio((studio) => studio.marked.includes(layer.name));
  const { plain, equalized } = layer.sqnr;
  const why = layer.rule === null ? tidy(layer.reason) : `${layer.rule}. ${tidy(layer.reason)}`;
  return (
    <tr data-layer={layer.name} data-marked={isMarked} aria-current={current || undefined}>
      <td>
        <LayerMark layer={layer.name} />
      </td>
      <td className="text">
        <a
          href={`#${layer.name}`}
          onClick={(event) => {
            event.preventDefault();
            goTo(layer.name);
          }}
        >
          {layer.name}
        </a>
      </td>
      <td title={layer.type}>{layer.shape}</td>
      <td className="equalize">
        <LayerChoice layer={layer} />
      </td>
      <td className="qconfig">
        <LayerQConfig layer={layer.name} type={layer.type} />
      </td>
      <td className="text">{layer.decision === null ? '—' : <DecisionTag decision={layer.decision} />}</td>
      <td className="text reason" title={why}>
        {why}
      </td>
      <td>{beforeAfter(layer.inputRatio)}</td>
      <td>{beforeAfter(layer.weightRatio)}</td>
      <td>{plain === null ? '—' : `${formatDb(plain)} → ${formatDb(equalized)}`}</td>
      <td className={gainTone(layer.sqnr)}>{formatGain(plain, equalized)}</td>
    </tr>
  );
}
