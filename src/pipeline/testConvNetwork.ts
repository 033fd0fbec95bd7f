import fc from 'fast-check';
import { TestModel } from '../exec/testModel';
import type { Model } from '../graph/model';
import { type FloatTensor, floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { normal } from './testRun';

/* Random networks of convolutions and Linear: all axes have one length, so that a mistaken axis fits and shows. For tests only. */

export const SIZE = 4;

const layer = fc.constantFrom(
  'conv',
  'conv',
  'conv',
  'conv',
  'sample',
  'linear',
  'linear',
  'functional',
  'transposed',
  'again',
);
const passing = fc.constantFrom(
  'relu',
  'F.relu',
  'leaky',
  'prelu',
  'max_pool',
  'avg_pool',
  'adaptive',
  'permute',
  'transpose',
);
const other = fc.constantFrom(
  ...(['sigmoid', 'add', 'relu6', 'batch_norm', 'group_norm', 'instance_norm', 'cat', 'softmax'] as const),
);
/** Mostly the value just made, so that chains of layer, op, layer are common. */
const earlier = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 2);
/** What a step draws besides its op: which values it reads, and which form the op takes. */
const drawn = { a: earlier, b: fc.nat(7), form: fc.nat(5), bias: fc.boolean() };
const step = fc.record({ kind: fc.oneof(layer, passing, other), ...drawn });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Two layers with an op between that hands a scale on, or pretends to: what folds are made of. */
const bridge = fc.tuple(
  fc.record({ kind: layer, ...drawn }),
  fc.record({ kind: fc.oneof({ weight: 4, arbitrary: passing }, other), ...drawn, a: fc.constant(0) }),
  fc.record({ kind: layer, ...drawn, a: fc.constant(0) }),
);
const unit: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(step) },
  { weight: 2, arbitrary: bridge },
);

export const network = fc.record({
  rank: fc.constantFrom(2, 3, 3, 4, 4, 5),
  units: fc.array(unit, { minLength: 1, maxLength: 4 }),
  excluded: fc.array(fc.nat(9), { maxLength: 2 }),
  outputs: fc.array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(1000),
});
export type Network = typeof network extends fc.Arbitrary<infer T> ? T : never;

/** Windows that keep the length of 4: plain, pointwise, dilated, strided. */
const WINDOWS = [
  { kernel_size: [3], padding: [1] },
  { kernel_size: [1] },
  { kernel_size: [3], padding: [2], dilation: [2] },
  { kernel_size: [2], padding: [2], stride: [2] },
] as const;
const GROUPS = [1, 1, 2, SIZE] as const;

export class RandomNetwork {
  private readonly g = new TestModel();
  private readonly values = [this.g.input('x')];
  private readonly modules: string[] = [];
  private readonly random: () => number;

  constructor(private readonly network: Network) {
    this.random = normal(network.seed + 1);
  }

  build(): Model {
    for (const s of this.network.units.flat()) this.values.push(this.add(s));
    const last = this.values.length - 1;
    return this.g.build(...this.network.outputs.map((o) => this.values[Math.max(1, last - o)] ?? 'x'));
  }

  private pick = (i: number) => this.values[this.values.length - 1 - (i % this.values.length)] ?? 'x';

  private tensor = (...shape: number[]): FloatTensor =>
    floatTensor(shape, Float32Array.from({ length: shape.reduce((p, q) => p * q, 1) }, this.random));

  /** Dimensions of a convolution over a batch, or over one sample whose channels are the first axis. */
  private dims(sample: boolean): number {
    const dims = this.network.rank - (sample ? 1 : 2);
    return Math.min(3, Math.max(1, dims));
  }

  private conv(name: string, input: string, { form, b, bias }: Step, sample: boolean): string {
    const dims = this.dims(sample);
    const groups = GROUPS[b % GROUPS.length] ?? 1;
    const window = WINDOWS[form % WINDOWS.length] ?? WINDOWS[0];
    const kernel = new Array<number>(dims).fill(window.kernel_size[0]);
    const weight = this.tensor(SIZE, SIZE / groups, ...kernel);
    this.modules.push(name);
    return this.g.module(name, input, {
      type: `torch.nn.Conv${dims}d`,
      attrs: { in_channels: SIZE, out_channels: SIZE, ...window, groups, bias },
      tensors: { weight, ...(bias && { bias: this.tensor(SIZE) }) },
    });
  }

  /** The same windows keep the length; as a function, with one group, it is no layer to equalize. */
  private transposed(name: string, input: string, { form, b, bias }: Step): string {
    const dims = this.dims(false);
    const groups = GROUPS[b % GROUPS.length] ?? 1;
    const window = WINDOWS[form % WINDOWS.length] ?? WINDOWS[0];
    const kernel = new Array<number>(dims).fill(window.kernel_size[0]);
    const weight = this.tensor(SIZE, SIZE / (form > 4 ? 1 : groups), ...kernel);
    if (form > 4) {
      const stride = 'stride' in window ? window.stride[0] : 1;
      const padding = 'padding' in window ? window.padding[0] : 0;
      const constants = [
        this.g.constant(`${name}_w`, weight),
        this.g.constant(`${name}_b`, this.tensor(SIZE)),
      ];
      const target = `torch.nn.functional.conv_transpose${dims}d`;
      return this.g.call(name, target, input, ...constants, stride, padding);
    }
    this.modules.push(name);
    return this.g.module(name, input, {
      type: `torch.nn.ConvTranspose${dims}d`,
      attrs: { in_channels: SIZE, out_channels: SIZE, ...window, groups, bias },
      tensors: { weight, ...(bias && { bias: this.tensor(SIZE) }) },
    });
  }

  /** One sample has no batch's axis in front of its channels: it would be another network. */
  private channelNorm(name: string, input: string, kind: 'group_norm' | 'instance_norm'): string {
    const tensors = { weight: this.tensor(SIZE), bias: this.tensor(SIZE) };
    if (kind === 'group_norm' || this.network.rank < 3) {
      const attrs = { num_groups: 2, num_channels: SIZE };
      return this.g.module(name, input, { type: 'torch.nn.GroupNorm', attrs, tensors });
    }
    const type = `torch.nn.InstanceNorm${this.dims(false)}d`;
    return this.g.module(name, input, { type, attrs: { num_features: SIZE, affine: true }, tensors });
  }

  private linear(name: string, input: string, bias: boolean): string {
    this.modules.push(name);
    return this.g.module(name, input, {
      type: 'torch.nn.Linear',
      attrs: { in_features: SIZE, out_features: SIZE, bias },
      tensors: { weight: this.tensor(SIZE, SIZE), ...(bias && { bias: this.tensor(SIZE) }) },
    });
  }

  private functional(name: string, input: string, form: number): string {
    const dims = this.dims(form > 3);
    const weight = this.g.constant(
      `${name}_w`,
      this.tensor(SIZE, SIZE / 2, ...new Array<number>(dims).fill(1)),
    );
    const bias = this.g.constant(`${name}_b`, this.tensor(SIZE));
    return this.g.call(name, `torch.nn.functional.conv${dims}d`, input, weight, bias, 1, 0, 1, 2);
  }

  /** A normalization, which folds where a convolution stands in front of it. */
  private batchNorm(name: string, input: string): string {
    const dims = this.dims(false);
    const positive = this.tensor(SIZE).data.map((v) => Math.abs(v) + 0.1);
    const tensors = {
      weight: this.tensor(SIZE),
      bias: this.tensor(SIZE),
      running_mean: this.tensor(SIZE),
      running_var: floatTensor([SIZE], positive),
    };
    const attrs = { num_features: SIZE };
    return this.g.module(name, input, { type: `torch.nn.BatchNorm${dims}d`, attrs, tensors });
  }

  private pool(
    name: string,
    input: string,
    kind: 'max_pool' | 'avg_pool' | 'adaptive',
    form: number,
  ): string {
    const dims = this.dims(form > 3);
    const target = `torch.nn.functional.${kind === 'adaptive' ? 'adaptive_avg_pool' : kind}${dims}d`;
    return kind === 'adaptive'
      ? this.g.call(name, target, input, SIZE)
      : this.g.call(name, target, input, 3, 1, 1);
  }

  private transpose(name: string, input: string, { form, b }: Step): string {
    const { rank } = this.network;
    const [p, q] = [form % rank, b % rank];
    return this.g.method(name, 'transpose', input, form > 2 ? p - rank : p, b > 3 ? q - rank : q);
  }

  private permute(name: string, input: string, { form, b }: Step): string {
    const { rank } = this.network;
    const order = Array.from({ length: rank }, (_, i) => (i + form) % rank);
    const [p, q] = [b % rank, (b + 1) % rank];
    [order[p], order[q]] = [order[q] ?? 0, order[p] ?? 0];
    return this.g.method(name, 'permute', input, ...order.map((axis) => (b > 3 ? axis - rank : axis)));
  }

  private add(s: Step): string {
    const name = `n${this.values.length}`;
    const x = this.pick(s.a);
    switch (s.kind) {
      case 'conv':
      case 'sample':
        return this.conv(name, x, s, s.kind === 'sample');
      case 'linear':
        return this.linear(name, x, s.bias);
      case 'again': {
        const module = this.modules[s.b % Math.max(1, this.modules.length)];
        return module === undefined ? this.linear(name, x, s.bias) : this.g.again(name, module, x);
      }
      case 'functional':
        return this.functional(name, x, s.form);
      case 'transposed':
        return this.transposed(name, x, s);
      case 'group_norm':
      case 'instance_norm':
        return this.channelNorm(name, x, s.kind);
      case 'batch_norm':
        return this.batchNorm(name, x);
      case 'max_pool':
      case 'avg_pool':
      case 'adaptive':
        return this.pool(name, x, s.kind, s.form);
      case 'permute':
        return this.permute(name, x, s);
      case 'transpose':
        return this.transpose(name, x, s);
      case 'prelu':
        return this.g.module(name, x, {
          type: 'torch.nn.PReLU',
          tensors: { weight: this.tensor(s.bias ? 1 : SIZE) },
        });
      case 'cat': {
        const both = this.g.call(`${name}_both`, 'torch.cat', [to(x), to(this.pick(s.b))], -1);
        return this.g.call(name, 'operator.getitem', both, [
          { ellipsis: true },
          { slice: [1, 1 + SIZE, null] },
        ]);
      }
      case 'add':
        return this.g.call(name, 'operator.add', x, this.pick(s.b));
      case 'softmax':
        return this.g.call(name, 'torch.softmax', x, -1);
      case 'leaky':
        return this.g.call(name, 'torch.nn.functional.leaky_relu', x, 0.1);
      case 'F.relu':
        return this.g.call(name, 'torch.nn.functional.relu', x);
      case 'sigmoid':
        return this.g.call(name, 'torch.sigmoid', x);
      case 'relu':
        return this.g.module(name, x, { type: 'torch.nn.ReLU' });
      case 'relu6':
        return this.g.module(name, x, { type: 'torch.nn.ReLU6' });
      default:
        return s.kind satisfies never;
    }
  }
}
