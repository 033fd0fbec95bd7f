import type { LayerView, Settings } from '../../../src/index';
import { ownMethod } from '../byHand';
import { printedGain } from '../gains';
import type { LayerMethodChoice, LayerQConfigChoice } from '../vocabulary';

/** A layer with what is chosen for it: all that its row shows. */
export interface LayerRow {
  readonly layer: LayerView;
  readonly equalize: boolean;
  readonly qconfig: LayerQConfigChoice;
  readonly method: LayerMethodChoice;
}

export const layerRows = (layers: readonly LayerView[], settings: Settings): readonly LayerRow[] =>
  layers.map((layer) => ({
    layer,
    equalize: settings.equalization.byName[layer.name] ?? layer.selectedUnnamed,
    qconfig: settings.qconfigs.byName[layer.name] ?? 'global',
    method: ownMethod(layer, settings.byHand.methods)?.method ?? 'global',
  }));

/** dB that equalization brought the layer; null where it was not measured. */
export function gainOf({ sqnr: { plain, equalized } }: LayerView): number | null {
  if (plain === null || equalized === null) return null;
  const gain = equalized - plain;
  return Number.isNaN(gain) ? null : gain;
}

/** The same as it is printed, with one decimal. */
export function shownGain({ sqnr: { plain, equalized } }: LayerView): number | null {
  if (plain === null || equalized === null) return null;
  const gain = printedGain(plain, equalized);
  return Number.isNaN(gain) ? null : gain;
}

/** Whether equalization made it worse by what one decimal shows. */
export const isLosing = (layer: LayerView): boolean => (shownGain(layer) ?? 0) < 0;

/** `torch.nn.Conv2d` → `Conv2d`. */
export const shortTypeOf = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
