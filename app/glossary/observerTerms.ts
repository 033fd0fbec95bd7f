import { type Term, term } from './entry';

/** Who watches what, and the arguments of `prepare_fx` that say so. */
export const OBSERVERS: readonly Term[] = [
  term(
    'observer',
    'observer',
    'MinMaxObserver, HistogramObserver, PerChannelMinMaxObserver',
    'A node that lets a tensor through and records its range. From the range come scale and zero point.',
    ['observers'],
  ),
  term(
    'qconfig',
    'QConfig',
    'QConfig(activation, weight), get_default_qconfig',
    'Which observers watch activations and weights, and so how each is quantized: default, fbgemm, qnnpack, per-channel.',
    ['qconfigs'],
  ),
  term(
    'min-max',
    'min/max',
    'min_val, max_val',
    'The smallest and largest value that an observer has seen: its range.',
  ),
  term(
    'histogram',
    'histogram',
    'HistogramObserver: histogram, bins=2048',
    'How many values fell into each bin of a tensor’s range.',
  ),
  term(
    'min-max-observer',
    'MinMaxObserver',
    'MinMaxObserver, default_observer, default_weight_observer',
    'Keeps a tensor’s smallest and largest value over all batches: nothing is clipped, and one outlier makes every level coarse. default uses it for activations and weights.',
  ),
  term(
    'histogram-observer',
    'HistogramObserver',
    'HistogramObserver',
    'Keeps a histogram and searches in it the range with the least squared error, which may clip rare values. fbgemm and qnnpack use it for activations.',
  ),
  term(
    'per-channel-min-max-observer',
    'PerChannelMinMaxObserver',
    'PerChannelMinMaxObserver, default_per_channel_weight_observer',
    'Keeps the smallest and largest value of each output channel of a weight. fbgemm and per-channel use it.',
  ),
  term(
    'quant-min',
    'quant_min',
    'quant_min, quant_max',
    'The lowest and the highest level (quant_max) that a quantized tensor may take: −128 and 127 for weights, 0 and 127 or 255 for activations. Values beyond are clipped.',
    ['quant_max'],
  ),
  term(
    'reduce-range',
    'reduce_range',
    'reduce_range=True, quant_max=127',
    'Activations use half of the levels, 0…127 in place of 0…255, so that sums of products fit into 16 bits on x86 processors without VNNI. default, fbgemm and per-channel do so; qnnpack does not.',
  ),
  term(
    'qconfig-mapping',
    'QConfigMapping',
    'qconfig_mapping: set_global, set_object_type, set_module_name',
    'Which op gets which QConfig: the argument of prepare_fx. A name goes before a type, a type before the global choice.',
    ['qconfig_mapping'],
  ),
];
