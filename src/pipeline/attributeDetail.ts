import { rangeText } from '../equalize/activationObservers';
import type { OpCall, OpName } from '../graph/op';
import type { Extent, SizeRule, SizeTerm } from '../graph/sizes';

type Detail<O extends OpName> = (attrs: OpCall<O>['attrs']) => string;

export const arrow = (from: number, to: number): string => `${from} → ${to}`;

/** `3 × 3`, `3 × 3, stride 2`. */
function windowText(size: readonly number[], stride: readonly number[]): string {
  const [first] = stride;
  const step = stride.every((s) => s === first) ? String(first) : stride.join(' × ');
  return `${size.join(' × ')}${step === '1' ? '' : `, stride ${step}`}`;
}

const conv: Detail<'conv' | 'conv_transpose'> = ({
  inChannels,
  outChannels,
  kernelSize,
  stride,
  groups,
  bias,
}) => {
  const parts = [arrow(inChannels, outChannels), windowText(kernelSize, stride)];
  if (groups > 1) parts.push(`${groups} groups`);
  if (!bias) parts.push('no bias');
  return parts.join(', ');
};

const adaptive: Detail<'adaptive_avg_pool' | 'adaptive_max_pool'> = ({ outputSize }) =>
  `to ${outputSize.map((size) => size ?? 'as it is').join(' × ')}`;

const dimsText = (dims: readonly number[] | null): string =>
  dims === null ? 'all dims' : `dim${dims.length === 1 ? '' : 's'} ${dims.join(', ')}`;

const extentText = (extent: Extent): string => (typeof extent === 'number' ? String(extent) : extent.node);

const termText = (term: SizeTerm): string =>
  typeof term === 'number' || 'node' in term ? extentText(term) : `(${term.map(extentText).join(', ')})`;

const SIGNS = {
  add: '+',
  sub: '−',
  mul: '×',
  floordiv: '//',
  mod: '%',
  truediv: '/',
  pow: '**',
  sqrt: '√',
  floor: 'floor',
  ceil: 'ceil',
  min: 'min',
  max: 'max',
} as const;

function sizeText(rule: SizeRule): string {
  switch (rule.kind) {
    case 'shape':
      return rule.dim === null ? 'all dims' : `dim ${rule.dim}`;
    case 'pick':
      return `dim ${rule.position}`;
    case 'slice':
      return `dims ${rule.start ?? ''}:${rule.stop ?? ''}`;
    case 'compute':
      return rule.terms.length === 1
        ? `${SIGNS[rule.function]} ${rule.terms.map(termText).join()}`
        : rule.terms.map(termText).join(` ${SIGNS[rule.function]} `);
    default:
      return rule satisfies never;
  }
}

/** What is worth saying of an op's attributes, for the ops that have some. */
const DETAILS: { readonly [O in OpName]?: Detail<O> } = {
  conv,
  conv_transpose: conv,
  batch_norm: ({ features }) => `${features} channels`,
  layer_norm: ({ normalizedShape }) => `over [${normalizedShape.join(', ')}]`,
  group_norm: ({ groups, features }) =>
    `${groups} groups${features === null ? '' : ` of ${features} channels`}`,
  instance_norm: ({ features }) => (features === null ? '' : `${features} channels`),
  embedding: ({ count, width }) => `${count} rows of ${width}`,
  max_pool: ({ kernelSize, stride }) => windowText(kernelSize, stride),
  avg_pool: ({ kernelSize, stride }) => windowText(kernelSize, stride),
  adaptive_avg_pool: adaptive,
  adaptive_max_pool: adaptive,
  quantize_per_tensor: ({ dtype }) => dtype.replace('torch.', ''),
  to: ({ dtype }) => dtype.replace('torch.', ''),
  leaky_relu: ({ negativeSlope }) => `slope ${negativeSlope}`,
  elu: ({ alpha }) => `alpha ${alpha}`,
  gelu: ({ approximate }) => (approximate === 'tanh' ? 'with tanh' : ''),
  hardtanh: ({ min, max }) => rangeText(min, max),
  softmax: ({ dim }) => `dim ${dim}`,
  log_softmax: ({ dim }) => `dim ${dim}`,
  reduce: ({ dims }) => dimsText(dims),
  arg_reduce: ({ dim }) => dimsText(dim === null ? null : [dim]),
  cumsum: ({ dim }) => `dim ${dim}`,
  one_hot: ({ classes }) => `${classes} classes`,
  cat: ({ dim }) => `dim ${dim}`,
  unsqueeze: ({ dim }) => `dim ${dim}`,
  mean: ({ dims }) => dimsText(dims),
  squeeze: ({ dims }) => dimsText(dims),
  flatten: ({ startDim }) => `from dim ${startDim}`,
  reshape: ({ shape }) => `to [${shape.map(extentText).join(', ')}]`,
  expand: ({ shape }) => `to [${shape.map(extentText).join(', ')}]`,
  repeat: ({ repeats }) => `by [${repeats.map(extentText).join(', ')}]`,
  split: ({ dim, part }) => `part ${part} of dim ${dim}`,
  stack: ({ dim }) => `dim ${dim}`,
  gather: ({ dim }) => `dim ${dim}`,
  index_select: ({ dim }) => `dim ${dim}`,
  flip: ({ dims }) => dimsText(dims),
  roll: ({ shifts }) => `by ${shifts.join(', ')}`,
  pad: ({ pads, mode }) => `${mode} [${pads.map(extentText).join(', ')}]`,
  trilu: ({ upper }) => (upper ? 'upper' : 'lower'),
  pixel_shuffle: ({ factor }) => `by ${factor}`,
  pixel_unshuffle: ({ factor }) => `by ${factor}`,
  interpolate: ({ mode, size, scale }) =>
    size ? `${mode} to ${size.map(extentText).join(' × ')}` : `${mode} by ${scale?.join(' × ')}`,
  einsum: ({ equation }) => equation,
  topk: ({ count, dim, output }) => `${output} of ${count}, dim ${dim}`,
  full: ({ shape, value }) => `[${shape.map(extentText).join(', ')}] of ${extentText(value)}`,
  size: ({ rule }) => sizeText(rule),
  permute: ({ order }) => `to [${order.join(', ')}]`,
  transpose: ({ dim0, dim1 }) => `dims ${dim0} and ${dim1}`,
};

/** One line about a call's attributes; empty for an op that has none. */
export const attributeDetail = <O extends OpName>(op: O, { attrs }: OpCall<O>): string =>
  DETAILS[op]?.(attrs) ?? '';
