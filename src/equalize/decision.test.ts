import { expect, it } from 'vitest';
import { nodeName } from '../graph/ids';
import { type LayerDecision, type MulReason, reasonOf, type SkipReason } from './decision';

const layer = { layer: nodeName('fc2'), scale: null, input: null };
const source = nodeName('fc1');
const skip = (reason: SkipReason): LayerDecision => ({ ...layer, decision: 'skip', reason });
const mul = (reason: MulReason | null): LayerDecision => ({
  ...layer,
  decision: 'mul',
  mul: nodeName('mul'),
  reason,
  rule: 'input-weight',
});
const fold = (dropped: boolean): LayerDecision => ({
  ...layer,
  decision: 'fold',
  producers: [source],
  dropped,
  rule: 'input-weight',
});

/** Each sentence says what stands in the way, by name, and ends. */
it.each<readonly [LayerDecision, string]>([
  [skip({ kind: 'excluded' }), 'Equalization is off for it.'],
  [
    skip({ kind: 'shared-weight', calls: 3 }),
    'Its weight is used by 3 calls; scaling it for one would change the others.',
  ],
  [skip({ kind: 'constant-input' }), 'Its input is a constant: there is no activation range to equalize.'],
  [skip({ kind: 'branch', tensor: source }), 'PyTorch skips it: other quantized ops read fc1 too.'],
  [
    skip({ kind: 'keyword-input' }),
    'PyTorch skips it: its input is given by keyword (input=…), and PyTorch observes positional ones.',
  ],
  [
    skip({ kind: 'taken-for-number' }),
    'PyTorch leaves it in float: view(x.size(…), …) makes it take the tensor whose size is read for a number. x.shape[…] does not.',
  ],
  [
    skip({ kind: 'no-range', columns: 4, weights: 1 }),
    'Its weight has one value for each of its 4 columns, so their ranges are zero.',
  ],
  [skip({ kind: 'no-range', columns: 4, weights: 2 }), 'None of its 4 columns has a usable range.'],
  [
    skip({ kind: 'non-finite', columns: 4 }),
    'NaN or infinite values reached all of its 4 columns on the calibration data, so all keep scale 1: leave such samples out.',
  ],
  [skip({ kind: 'no-range', columns: 1, weights: 2 }), 'Its one column has no usable range.'],
  [
    skip({ kind: 'no-range', columns: 1, weights: 1 }),
    'Its weight has one value for its one column, so that its range is zero.',
  ],
  [
    skip({ kind: 'non-finite', columns: 1 }),
    'NaN or infinite values reached its one column on the calibration data, so it keeps scale 1: leave such samples out.',
  ],
  [
    skip({ kind: 'no-layer-before' }),
    'No layer before can take the scale in its rows: cross-layer equalization leaves it alone.',
  ],
  [
    skip({ kind: 'no-gain', tried: 40 }),
    'Of 40 ways to equalize it none makes int8 better on the calibration data by what it costs (0.1 dB for a mul).',
  ],
  [skip({ kind: 'no-gain', tried: 0 }), 'No scale rule finds anything to scale here.'],
  [
    mul({ kind: 'more-accurate', by: 1.26 }),
    'A fold is possible, but int8 is 1.3 dB better with a mul on the calibration data.',
  ],
  [
    {
      ...layer,
      decision: 'fold',
      producers: [source],
      dropped: false,
      absorbedChannels: 2,
      rule: 'cross-layer',
    },
    'The weights of fc1 take the scale: no run-time cost. 2 high biases of fc1 moved behind: the function is the same as long as those values fall no lower than on calibration data.',
  ],
  [
    mul({ kind: 'input', source }),
    "Its input comes from fc1, the model's input: nothing before it can take the scale.",
  ],
  [
    mul({ kind: 'barrier', source, op: 'tanh' }),
    'Its input comes through fc1 (tanh), which a scale cannot pass.',
  ],
  [
    mul({ kind: 'windows', source, op: 'max_pool' }),
    'Its input comes through fc1 (max_pool), which mixes the channels that the layer reads.',
  ],
  [
    mul({ kind: 'unknown-shape', source, op: 'transpose' }),
    'Its input comes through fc1 (transpose) of a value whose shape is not known.',
  ],
  [
    mul({ kind: 'other-axis', source }),
    'The rows of fc1 before it lie along another axis than the channels that it reads.',
  ],
  [
    mul({ kind: 'producer-shared', source, calls: 2 }),
    'fc1 before it is used by 2 calls, so its rows cannot take the scale.',
  ],
  [
    mul({ kind: 'other-reader', source, reader: nodeName('add') }),
    'fc1 before it is also read by add, which would see scaled values.',
  ],
  [mul(null), 'PyTorch multiplies unless the node before is a layer or has "relu" in its name.'],
  [fold(false), 'The weights of fc1 take the scale: no run-time cost.'],
  [fold(true), "PyTorch expects fc1 to take the scale, but nothing does: the model's function changes."],
])('%j', (decision, sentence) => {
  expect(reasonOf(decision)).toBe(sentence);
});
