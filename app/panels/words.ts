/** Words that stand in more than one place of the page. */

export const LAYER_SQNR = 'SQNR at this layer’s output';
export const LAYER_SQNR_TITLE =
  'dB, int8 model against float model on calibration data; errors of earlier layers count';

export const RATIO_TITLE = 'Widest live column ÷ narrowest: 1 is level. Columns of zero range do not count.';

export const EXPORTER = { name: 'PyTorch exporter (fx_export.py)', file: 'fx_export.py' };

/** `torch.nn.Conv2d` → `Conv2d`, for lists of layers' types. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

export const PYTORCH_ONLY =
  'PyTorch’s pass knows its own formula only: input-weight. Your choice comes back with Exact.';
