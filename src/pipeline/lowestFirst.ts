import { lowestSqnrLayers } from '../exec/numericSuite/lowestSqnrLayers';
import type { ConvertSnapshot } from './snapshots';
import type { LayerSqnr } from './views';

/**
 * The layers from the lowest SQNR up: their outputs in int8 without equalization against float, in dB. The first N are
 * what `get_equalization_qconfig_dict` selects. Layers without a figure are left out.
 */
export function lowestFirst({ layers }: Pick<ConvertSnapshot, 'layers'>): readonly LayerSqnr[] {
  const measured = new Map(
    [...layers.plain].flatMap(([name, { sqnr }]) => (sqnr === null ? [] : [[name, sqnr] as const])),
  );
  return lowestSqnrLayers(measured, measured.size).flatMap((name) => {
    const sqnr = measured.get(name);
    return sqnr === undefined ? [] : [{ name, sqnr }];
  });
}
