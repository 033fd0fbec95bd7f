import { Checkbox } from '@mantine/core';
import type { LayerView } from '../../src/index';
import { useStudio } from '../store/context';
import { DecisionTag } from './DecisionTag';
import { formatDb, formatGain, formatRatio } from './format';

const beforeAfter = (ratio: readonly [number, number | null] | null): string => {
  if (ratio === null) return '—';
  const [before, after] = ratio;
  return after === null ? formatRatio(before) : `${formatRatio(before)} → ${formatRatio(after)}`;
};

/** Whether more bits survive: better, worse, or no difference that one decimal shows. */
function gainTone({ plain, equalized }: LayerView['sqnr']): string {
  if (plain === null || equalized === null || Math.abs(equalized - plain) < 0.05) return '';
  return equalized > plain ? 'better' : 'worse';
}

function LayerRow({ layer }: { layer: LayerView }) {
  const goTo = useStudio((studio) => studio.goTo);
  const current = useStudio((studio) => studio.selected === layer.name);
  const excluded = useStudio((studio) => studio.settings.excluded.includes(layer.name));
  const busy = useStudio((studio) => studio.job !== null);
  const choose = useStudio((studio) => studio.chooseLayer);
  const [rows, columns] = layer.shape;
  return (
    <tr data-layer={layer.name} aria-selected={current}>
      <td>
        <Checkbox
          size="xs"
          aria-label={`Equalize ${layer.name}`}
          checked={!excluded}
          disabled={busy}
          onChange={(event) => void choose(layer.name, event.currentTarget.checked)}
        />
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
      <td>
        {rows}×{columns}
      </td>
      <td className="text">{layer.decision === null ? '—' : <DecisionTag decision={layer.decision} />}</td>
      <td className="text reason" title={layer.reason}>
        {layer.reason}
      </td>
      <td>{beforeAfter(layer.inputRatio)}</td>
      <td>{beforeAfter(layer.weightRatio)}</td>
      <td>{formatDb(layer.sqnr.plain)}</td>
      <td>{formatDb(layer.sqnr.equalized)}</td>
      <td className={gainTone(layer.sqnr)}>{formatGain(layer.sqnr.plain, layer.sqnr.equalized)}</td>
    </tr>
  );
}

/** One row per layer that can be equalized: what was decided, why, and what it brought. */
export function LayersTable() {
  const layers = useStudio((studio) => studio.view.layers);
  if (layers.length === 0) return <p className="empty">This model has no Linear layer to equalize.</p>;
  return (
    <table className="grid layers">
      <thead>
        <tr>
          <th>
            <span className="visually-hidden">Equalize</span>
          </th>
          <th className="text">layer</th>
          <th title="out × in">shape</th>
          <th className="text">decision</th>
          <th className="text">reason</th>
          <th title="Largest column range over the smallest, before → after">input ratio</th>
          <th title="Largest column range over the smallest, before → after">weight ratio</th>
          <th title="dB, the int8 layer's output against float">SQNR plain</th>
          <th title="dB, the equalized int8 layer's output against float">equalized</th>
          <th>gain</th>
        </tr>
      </thead>
      <tbody>
        {layers.map((layer) => (
          <LayerRow key={layer.name} layer={layer} />
        ))}
      </tbody>
    </table>
  );
}
