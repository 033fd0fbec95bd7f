import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { runStudio } from '../formats/onnx/testStudioRun';
import { readTorchTensors } from '../formats/pt/read';
import { torchSource } from '../formats/pt/testFiles';
import { lint } from '../graph/lint';
import { floatTensor } from '../graph/tensor';
import { buildModel } from './build';
import { checkPlan } from './check';
import type { NamedShape } from './findLayers';
import { proposeLayers } from './propose';

beforeAll(() => openTestDevice('wasm'));

/** What `network` of e2e/oracle/torch_files.py gives in PyTorch for the ramp below. */
const NETWORK_OUTPUT = [-0.243127, -0.051074, -0.252057, 0.059635, 0.037572, -0.441586];

/** `fc.weight: 3 2` → an entry of a state dict. */
const entriesOf = (text: string): readonly NamedShape[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', sizes = ''] = line.trim().split(':');
      return {
        name,
        shape: sizes.trim() === '' ? [] : sizes.trim().split(' ').map(Number),
        isFloat: !name.endsWith('tracked'),
      };
    });

const CNN = entriesOf(`
  bn1.bias: 8
  bn1.num_batches_tracked:
  bn1.running_mean: 8
  bn1.running_var: 8
  bn1.weight: 8
  bn2.bias: 16
  bn2.running_mean: 16
  bn2.running_var: 16
  bn2.weight: 16
  conv1.weight: 8 3 3 3
  conv2.bias: 16
  conv2.weight: 16 8 3 3
  fc.bias: 10
  fc.weight: 10 1024
  scale: 1`);

describe('proposeLayers', () => {
  it('orders layers that a file sorts by name, by numbers and widths', () => {
    const { plan, leftOut, found } = proposeLayers(CNN, false);
    expect(plan.layers.map(({ module }) => module)).toEqual(['conv1', 'bn1', 'conv2', 'bn2', 'fc']);
    expect(plan.layers.map(({ activation }) => activation)).toEqual(['none', 'relu', 'none', 'relu', 'none']);
    expect(leftOut).toEqual([{ name: 'scale', shape: [1], reason: 'it stands outside of every module' }]);
    // 16 channels of 8 × 8: two halvings of 32.
    expect(plan.input).toEqual([3, 32, 32]);
    expect(checkPlan(plan, found)).toMatchObject({ problem: null });
  });

  it('reads of the numbers in a Sequential where something stood between', () => {
    const entries = entriesOf('0.weight: 4 2\n0.bias: 4\n2.weight: 4 4\n2.bias: 4\n3.weight: 1 4\n3.bias: 1');
    expect(proposeLayers(entries, true).plan).toMatchObject({
      input: [2],
      layers: [{ activation: 'relu' }, { activation: 'none' }, { activation: 'none' }],
    });
  });

  it('takes a number at the end of a name for no place: ReLU stands between fc1 and fc2', () => {
    const entries = entriesOf('fc1.weight: 4 2\nfc2.weight: 4 4\nfc3.weight: 1 4');
    const { layers } = proposeLayers(entries, true).plan;
    expect(layers.map(({ activation }) => activation)).toEqual(['relu', 'relu', 'none']);
  });

  it('takes a global mean where a classifier reads channels', () => {
    const entries = entriesOf(
      'features.0.weight: 6 3 3 3\nfeatures.2.weight: 5 6 3 3\nhead.weight: 7 5\nhead.bias: 7',
    );
    const { plan, found } = proposeLayers(entries, true);
    expect(plan.layers[1]).toMatchObject({ module: 'features.2', pooling: 'global' });
    expect(checkPlan(plan, found).fits.at(-1)).toMatchObject({ shape: [7], flattens: true });
  });

  it('tells embeddings, norms and depthwise convolutions', () => {
    const text = 'tokens_emb.weight: 11 4\nnorm.weight: 4\nnorm.bias: 4\nhead.weight: 2 4';
    expect(proposeLayers(entriesOf(text), true).found.map(({ kind }) => kind)).toEqual([
      'embedding',
      'layer_norm',
      'linear',
    ]);
    const depthwise = proposeLayers(entriesOf('a.weight: 4 3 3 3\nb.weight: 4 1 3 3'), true);
    expect(checkPlan(depthwise.plan, depthwise.found).problem).toBeNull();
  });

  it('leaves out what is of no layer, with the reason', () => {
    const text = 'lstm.weight_ih_l0: 8 2\nnorm.weight: 4\nfc.weight: 2 2\nint.num_batches_tracked:';
    expect(
      proposeLayers(entriesOf(text), true).leftOut.map(({ name, reason }) => `${name}: ${reason}`),
    ).toEqual([
      'lstm.weight_ih_l0: a tensor called weight_ih_l0 is of no layer that the studio knows',
      'norm.weight: one number a channel and no bias: a norm that the studio cannot tell from others (RMSNorm, for one)',
      'int.num_batches_tracked: a module without a tensor called weight',
    ]);
  });
});

describe('checkPlan', () => {
  const { plan, found } = proposeLayers(CNN, false);
  const change = (module: string, patch: object) => ({
    ...plan,
    layers: plan.layers.map((layer) => (layer.module === module ? { ...layer, ...patch } : layer)),
  });

  it.each([
    ['another stride', change('conv2', { stride: 2 }), 'fc reads 1024, bn2 gives [16, 4, 4], 256 flattened.'],
    [
      'a layer left out',
      change('conv2', { included: false }),
      'bn2 reads 16 channels, bn1 gives [8, 16, 16].',
    ],
    [
      'a stride of nothing',
      change('conv1', { stride: 0 }),
      'the stride of conv1 must be a whole number of 1 or more.',
    ],
    [
      'a sample of no size',
      { ...plan, input: [3, 0, 32] },
      'The shape of a sample needs whole numbers of 1 or more, as in 3, 32, 32.',
    ],
    ['a flat sample', { ...plan, input: [3] }, 'conv1 reads channels and 2 dimensions, the input gives [3].'],
    [
      'windows too large',
      change('bn1', { poolSize: 64 }),
      'pooling by 64 behind bn1 takes more than the [32, 32] that is there.',
    ],
    ['nothing chosen', { ...plan, layers: [] }, 'No layer is chosen.'],
  ])('names what does not fit: %s', (_, changed, problem) => {
    expect(checkPlan(changed, found).problem).toBe(problem);
    expect(() => buildModel(changed, found, { name: 'net', tensors: {}, tied: [] })).toThrow(problem);
  });
});

describe('buildModel', () => {
  it('computes what PyTorch does, from a state dict that PyTorch wrote', async () => {
    const { tensors, tied } = await readTorchTensors(torchSource('state_dict.pt'));
    const entries = Object.entries(tensors).map(([name, { shape, dtype }]) => ({
      name,
      shape,
      isFloat: dtype === 'float32',
    }));
    const { plan, found } = proposeLayers(entries, true);
    // e2e/oracle/torch_files.py, `network`: no pooling, images of 4 × 4.
    const own = {
      input: [1, 4, 4],
      layers: plan.layers.map((layer) => ({
        ...layer,
        pooling: 'none' as const,
        activation: layer.module === '1' ? ('relu' as const) : ('none' as const),
      })),
    };
    expect(own.layers.map(({ module }) => module)).toEqual(['0', '1', '4']);
    const model = buildModel(own, found, { name: 'net', tensors, tied });
    lint(model);
    expect(Object.keys(model.params)).toEqual(Object.keys(tensors));
    const x = floatTensor(
      [2, 1, 4, 4],
      Float32Array.from({ length: 32 }, (_, i) => (i - 16) / 8),
    );
    const [y] = await runStudio(model, { x });
    expect(y?.dims).toEqual([2, 3]);
    NETWORK_OUTPUT.forEach((value, i) => void expect(y?.data[i]).toBeCloseTo(value, 4));
  });
});
