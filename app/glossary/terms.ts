/** A term as the page uses it. */
export interface Term {
  readonly id: string;
  readonly term: string;
  /** Other forms in which it stands in a text. */
  readonly also: readonly string[];
  /** What it is called in PyTorch; empty where PyTorch has no name of its own. */
  readonly pytorch: string;
  readonly text: string;
}

const term = (
  id: string,
  name: string,
  pytorch: string,
  text: string,
  also: readonly string[] = [],
): Term => ({
  id,
  term: name,
  pytorch,
  text,
  also,
});

/** What `prepare_fx` and `convert_fx` speak of. */
const QUANTIZATION: readonly Term[] = [
  term(
    'quantize',
    'quantize',
    'quantize_per_tensor, quantize_per_channel',
    'Rounds each float value to one of 256 (or fewer) levels: q = round(x / scale) + zero point, kept within the integer range.',
    ['quantized', 'quantization'],
  ),
  term(
    'dequantize',
    'dequantize',
    'dequantize',
    'Turns levels back into floats: x = (q − zero point) · scale. What rounding and clipping took away stays lost.',
    ['dequantized'],
  ),
  term(
    'int8',
    'int8',
    'torch.qint8, torch.quint8',
    'Whole numbers of 8 bits: −128…127 for weights, 0…255 for activations. A quarter of float32’s memory, and fast integer kernels.',
  ),
  term(
    'scale',
    'scale',
    'scale',
    'The width of one level: the distance between two neighbouring values that a quantized tensor can have.',
  ),
  term(
    'zero-point',
    'zero point',
    'zero_point',
    'The level that stands for the value 0, so that 0 is exact. 0 for symmetric weights; anything in the range for affine activations.',
    ['zero points'],
  ),
  term(
    'qscheme',
    'qscheme',
    'qscheme, torch.per_tensor_affine and others',
    'How a range becomes scale and zero point: affine or symmetric, one pair for the tensor or one per channel.',
  ),
  term(
    'affine',
    'affine',
    'torch.per_tensor_affine',
    'The range may lie anywhere around 0; the zero point shifts it. Used for activations.',
  ),
  term(
    'symmetric',
    'symmetric',
    'torch.per_tensor_symmetric',
    'The range is the same on both sides of 0, so the zero point is fixed. Used for weights.',
  ),
  term(
    'per-tensor',
    'per-tensor',
    'per_tensor_affine, per_tensor_symmetric',
    'One scale for the whole tensor. One wide column makes the levels coarse for all others: what equalization mends.',
  ),
  term(
    'per-channel',
    'per-channel',
    'per_channel_symmetric',
    'A scale for each output channel of a weight. Finer, but not every kernel and no activation can have it.',
    ['per output channel'],
  ),
  term(
    'qconfig',
    'QConfig',
    'QConfig, QConfigMapping, get_default_qconfig',
    'Which observers watch activations and weights, and so how each is quantized: default, fbgemm, qnnpack, per-channel. A name goes before a type, a type before the global choice.',
    ['qconfigs'],
  ),
  term(
    'observer',
    'observer',
    'MinMaxObserver, HistogramObserver, PerChannelMinMaxObserver',
    'A node that lets a tensor through and records its range. From the range come scale and zero point.',
    ['observers'],
  ),
  term(
    'min-max',
    'min/max',
    'MinMaxObserver: min_val, max_val',
    'The smallest and largest value that an observer has seen: its range.',
  ),
  term(
    'histogram',
    'histogram',
    'HistogramObserver',
    'How many values fell into each bin. fbgemm and qnnpack search in it the range with the least error, which may clip rare values.',
  ),
  term(
    'clipping',
    'clipping',
    'quant_min, quant_max',
    'Values outside of the range become its end. A narrower range clips more and rounds less.',
    ['clipped'],
  ),
  term(
    'calibration',
    'calibration',
    'running the prepared model on data',
    'Runs the float model on typical inputs, so that observers see the ranges to expect. A hundred real samples are enough to begin with.',
    ['calibrate', 'calibration data'],
  ),
  term(
    'evaluation',
    'evaluation data',
    '',
    'Inputs with labels, apart from the calibration data: gives the accuracy of the float and the int8 models.',
  ),
  term(
    'prepare',
    'prepare',
    'prepare_fx',
    'Fuses modules (a convolution with its batch normalization, a layer with its ReLU) and inserts observers.',
  ),
  term(
    'fuse',
    'fuse',
    'fuse_fx, ConvReLU2d, LinearReLU',
    'Puts modules that run as one into one module, so that nothing is rounded between them.',
    ['fused'],
  ),
  term(
    'convert',
    'convert',
    'convert_fx',
    'Replaces observers by quantize and dequantize with the scales that they found, and layers by quantized ones.',
  ),
  term(
    'reference',
    'reference form',
    'convert_to_reference_fx',
    'The quantized model in float arithmetic: each value is rounded to its grid and back around ordinary float ops.',
  ),
  term(
    'lowered',
    'lowered form',
    'torch.nn.quantized modules',
    'The quantized model in integer kernels: quantized Linear and Conv modules, with scale and zero point of their output.',
    ['lowered'],
  ),
  term(
    'fx',
    'FX graph',
    'torch.fx.Graph, GraphModule',
    'The model as a list of nodes: placeholder, get_attr, call_module, call_function, call_method and output, each with its inputs.',
    ['FX model', 'FX line'],
  ),
];

/** What equalization speaks of. */
const EQUALIZATION: readonly Term[] = [
  term(
    'equalization',
    'equalization',
    'input-weight equalization, _equalize.py',
    'Multiplies the columns of a layer’s input by scales and divides the weight’s columns by them. The function stays; the ranges become alike, so int8 rounds less.',
    ['equalize', 'equalized'],
  ),
  term(
    'equalization-scale',
    'equalization scale',
    '_InputEqualizationObserver, equalization_scale',
    'The factor of each input column: below 1 it narrows a wide input, above 1 it widens a narrow one. The weight’s column gets the inverse.',
    ['equalization scales'],
  ),
  term(
    'input-weight',
    'input-weight',
    'default_equalization_qconfig',
    'PyTorch’s rule: scale = sqrt(weight range / input range) for each column, so that both ranges meet in the middle.',
  ),
  term(
    'smoothquant',
    'SmoothQuant',
    '',
    'Scale = max|weight|^(1 − α) / max|input|^α (Xiao et al. 2023): α says how much of the difficulty moves from activations to weights.',
  ),
  term(
    'cross-layer',
    'cross-layer',
    '',
    'Evens out the rows of a layer and the columns of the next, from weights alone (Nagel et al. 2019). Nothing is added at run time.',
  ),
  term(
    'absorb-bias',
    'absorb high biases',
    '',
    'Moves the part of a bias that a ReLU never cuts to the next layer: the activation’s range becomes narrower.',
    ['absorb bias'],
  ),
  term(
    'auto',
    'auto',
    '',
    'Tries all rules for each region, folded and with a mul, and keeps what leaves the lowest int8 error on the calibration data.',
  ),
  term(
    'region',
    'region',
    '',
    'Layers that must share their scales because they read or make the same channels: q, k and v behind one norm, the branches of a residual sum.',
    ['regions'],
  ),
  term(
    'fold',
    'fold',
    '',
    'The scale goes into the weights of the layers before: no cost at run time. Possible where nothing else reads their output.',
    ['folded', 'folds'],
  ),
  term(
    'mul',
    'mul',
    'torch.mul with x_equalization_scale0',
    'A multiplication in front of the layer that scales its input at run time: needed where the scale cannot be folded.',
    ['muls'],
  ),
  term('skip', 'skip', '', 'The layer is left as it is; its reason stands beside it.', ['skipped']),
  term(
    'ratio',
    'ratio',
    '',
    'The widest column’s range over the narrowest live one’s: 1 is level. The higher, the more equalization can gain.',
  ),
  term(
    'sqnr',
    'SQNR',
    'torch.ao.ns.fx.utils.compute_sqnr',
    'Signal to quantization noise: 20·log10(‖float‖ / ‖float − int8‖) in dB. 6 dB more is half the error.',
  ),
  term(
    'exact',
    'Exact',
    '',
    'The studio’s own semantics: the equalized float model computes the same function, which is checked on your data.',
  ),
  term(
    'pytorch',
    'PyTorch semantics',
    'torch 1.13.1',
    'The same graph, scales and numbers as PyTorch 1.13.1 makes, its defects included.',
  ),
  term(
    'selection',
    'equalization qconfig',
    'equalization_config, prepare_fx(_equalization_config=…)',
    'Which layers are equalized at all: everything, by type, or by name.',
  ),
];

/** Every term that the page uses and a reader may not know. */
export const TERMS: readonly Term[] = [...QUANTIZATION, ...EQUALIZATION];

export const TERM_GROUPS = [
  { title: 'Quantization', terms: QUANTIZATION },
  { title: 'Equalization', terms: EQUALIZATION },
] as const;

const BY_ID: ReadonlyMap<string, Term> = new Map(TERMS.map((one) => [one.id, one]));

/** The term of an id; an unknown one is our own mistake. */
export function termOf(id: string): Term {
  const found = BY_ID.get(id);
  if (found === undefined) throw new Error(`internal: the glossary has no term '${id}'`);
  return found;
}
