import { type Term, term } from './entry';

/** What the tables measure. */
export const FIGURES: readonly Term[] = [
  term(
    'sqnr',
    'SQNR',
    'torch.ao.ns.fx.utils.compute_sqnr',
    'Signal to quantization noise: 20·log10(‖float‖ / ‖float − int8‖) in dB. 6 dB more is half the error.',
  ),
  term(
    'ratio',
    'ratio',
    '',
    'The widest column’s range over the narrowest live one’s: 1 is level, and the higher, the more equalization can gain. Which columns are live shows when data has run: until Calibrate all count whose weights are not zero.',
  ),
  term(
    'good-sqnr',
    'good SQNR',
    '',
    'No figure is good for every model: at 20 dB the error is a tenth of the signal, at 40 dB a hundredth, and what it costs only accuracy on labelled data tells.',
  ),
  term(
    'gain',
    'gain',
    '',
    'SQNR of equalized int8 minus SQNR of plain int8, in dB: above 0 equalization brought int8 closer to float.',
    ['gains'],
  ),
  term(
    'relative-error',
    'relative error',
    '',
    'The largest difference of any one output value, divided by the largest absolute output of the model it is compared with. Unlike SQNR, which sums over all values, it is the worst case: 1e−6 is float32 rounding.',
  ),
  term(
    'float-error',
    'float error',
    '',
    'Relative error of the equalized float model against the original, before any int8: how far equalization alone moved the function. About 1e−6 is rounding; above 1e−4 the function changed.',
  ),
  term(
    'dead-column',
    'dead column',
    '',
    'An input column that never changes on the calibration data, or whose weights are all zero. No scale helps it: it keeps 1 and counts in no ratio.',
    ['dead columns'],
  ),
];
