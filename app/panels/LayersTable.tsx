import { useStudio } from '../store/context';
import { AllLayersQConfig } from './LayerQConfig';
import { LayerRow } from './LayerRow';
import { LAYER_SQNR, LAYER_SQNR_TITLE, RATIO_TITLE } from './words';

function LayersHead() {
  return (
    <thead>
      <tr>
        <td rowSpan={2} />
        <th rowSpan={2} className="text">
          layer
        </th>
        <th rowSpan={2} title="out × in">
          shape
        </th>
        <th rowSpan={2} className="qconfig">
          <AllLayersQConfig />
        </th>
        <th rowSpan={2} className="text">
          decision
        </th>
        <th rowSpan={2} className="text">
          reason
        </th>
        <th colSpan={2} scope="colgroup" className="group" title={RATIO_TITLE}>
          range ratio, before → after
        </th>
        <th colSpan={3} scope="colgroup" className="group" title={LAYER_SQNR_TITLE}>
          {LAYER_SQNR}, dB
        </th>
      </tr>
      <tr>
        <th title={RATIO_TITLE}>input</th>
        <th title={RATIO_TITLE}>weight</th>
        <th title={LAYER_SQNR_TITLE}>int8</th>
        <th title={LAYER_SQNR_TITLE}>equalized</th>
        <th title={LAYER_SQNR_TITLE}>gain</th>
      </tr>
    </thead>
  );
}

/** One row per layer that can be equalized: what was decided, why, and what it brought. */
export function LayersTable() {
  const layers = useStudio((studio) => studio.view.layers);
  if (layers.length === 0)
    return <p className="empty">This model has no Linear layer or convolution to equalize.</p>;
  return (
    <table className="grid layers">
      <LayersHead />
      <tbody>
        {layers.map((layer) => (
          <LayerRow key={layer.name} layer={layer} />
        ))}
      </tbody>
    </table>
  );
}
