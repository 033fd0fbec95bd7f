import { useStudioStore } from '../../store/context';
import { shownLayers } from '../../store/layersTable/shownLayers';
import type { Studio } from '../../store/studio';
import { download } from '../download';
import { layersCsv } from './layersCsv';

/** `net.v2.onnx` → `net.v2`. */
const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '') || 'model';

/** Saves the rows that the table shows, for spreadsheets and notebooks. */
export function saveLayers(studio: Studio) {
  const name = `${stemOf(studio.view.model?.name ?? '')}-layers.csv`;
  const text = layersCsv(shownLayers(studio).rows);
  download({ name, mime: 'text/csv;charset=utf-8', parts: [new TextEncoder().encode(text)] });
  studio.announce(`Exported ${name}`);
}

export function useSaveLayers() {
  const store = useStudioStore();
  return () => saveLayers(store.getState());
}
