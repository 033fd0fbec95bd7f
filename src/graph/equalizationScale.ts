/**
 * How equalization names the scales that it puts in front of layers: `x_equalization_scale0`
 * (torch/ao/quantization/fx/_equalize.py, `convert_eq_obs`).
 */
export const EQUALIZATION_SCALE = /_equalization_scale\d+$/;
