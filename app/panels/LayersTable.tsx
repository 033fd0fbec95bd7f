import type { MouseEvent } from 'react';
import { useStudio, useStudioStore } from '../store/context';
import { AllMarks } from './LayerMark';
import { LayerRow } from './LayerRow';
import { LayersBar } from './LayersBar';
import { LAYER_SQNR, LAYER_SQNR_TITLE, RATIO_TITLE } from './words';

function LayersHead() {
  return (
    <thead>
      <tr>
        <td>
          <AllMarks />
        </td>
        <th className="text">layer</th>
        <th title="Of the weight: out × in (of one group) × kernel">shape</th>
        <th className="text" title="Whether its input and weight are to be balanced">
          equalize
        </th>
        <th className="text">quantize as</th>
        <th className="text">decision</th>
        <th className="text">reason</th>
        <th title={`Before → after. ${RATIO_TITLE}`}>input ratio</th>
        <th title={`Before → after. ${RATIO_TITLE}`}>weight ratio</th>
        <th title={`${LAYER_SQNR}: int8 → int8 equalized. ${LAYER_SQNR_TITLE}`}>SQNR, dB</th>
        <th title={`${LAYER_SQNR}: int8 equalized against int8. ${LAYER_SQNR_TITLE}`}>gain</th>
      </tr>
    </thead>
  );
}

/** What takes a click for itself. */
const CONTROLS = 'a, button, input, select, label';

/** Clicks anywhere on a row mark it: alone, with Ctrl one more, with Shift all from the last one. */
function useRowClicks() {
  const store = useStudioStore();
  return (event: MouseEvent<HTMLElement>) => {
    const { target } = event;
    const row = target instanceof Element && !target.closest(CONTROLS) ? target.closest('tr') : null;
    const layer = row?.dataset.layer;
    if (layer === undefined) return;
    const how = event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
    store.getState().mark(layer, how);
  };
}

/** One row per layer that can be equalized: what was decided, why, and what it brought. */
export function LayersTable() {
  const layers = useStudio((studio) => studio.view.layers);
  const onClick = useRowClicks();
  if (layers.length === 0)
    return <p className="empty">This model has no Linear layer or convolution to equalize.</p>;
  return (
    <>
      <LayersBar />
      <table className="grid layers">
        <LayersHead />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: each row has a button that marks it, with keys of its own */}
        <tbody
          onClick={onClick}
          // Shift and a click would select text.
          onMouseDown={(event) => event.shiftKey && event.preventDefault()}
        >
          {layers.map((layer) => (
            <LayerRow key={layer.name} layer={layer} />
          ))}
        </tbody>
      </table>
    </>
  );
}
