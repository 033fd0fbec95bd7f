import { gainOf, type LayerRow } from '../../store/layersTable/layerRow';
import { csvOf } from '../csv';

const HEAD = [
  'layer',
  'type',
  'shape',
  'equalize',
  'qconfig',
  'method',
  'decision',
  'rule',
  'reason',
  'region',
  'shares_scales_with',
  'input_ratio_before',
  'input_ratio_after',
  'weight_ratio_before',
  'weight_ratio_after',
  'sqnr_db_int8',
  'sqnr_db_equalized',
  'gain_db',
];

/** One row a layer, figures in full; what is not known is empty. */
export const layersCsv = (rows: readonly LayerRow[]): string =>
  csvOf([
    HEAD,
    ...rows.map(({ layer, equalize, qconfig, method }) => [
      layer.name,
      layer.type,
      layer.shape,
      equalize ? 'on' : 'off',
      qconfig,
      method,
      layer.decision,
      layer.rule,
      layer.reason,
      layer.region.join(' '),
      layer.sharesWith.join(' '),
      ...(layer.inputRatio ?? [null, null]),
      ...(layer.weightRatio ?? [null, null]),
      layer.sqnr.plain,
      layer.sqnr.equalized,
      gainOf(layer),
    ]),
  ]);
