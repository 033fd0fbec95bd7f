import { type Net, tensorOf } from './testNets';

/* Parts of a transformer block, as PyTorch writes them and written out. For tests only. */

export const [TOKENS, WIDTH, HEADS] = [6, 8, 2];
export const HEAD = WIDTH / HEADS;
export const SHAPE = ['n', TOKENS, WIDTH];
export type Norm = (g: Net, name: string, x: string) => string;

export const layerNorm: Norm = (g, name, x) => g.layerNorm(name, x, WIDTH);

/** `(x − mean) / √(mean((x − mean)²) + ε) · w + b`, the steps of ONNX before opset 17. */
const writtenLayerNorm: Norm = (g, name, x) => {
  const centred = g.call(`${name}_sub`, 'torch.sub', x, g.call(`${name}_mean`, 'torch.mean', x, [-1], true));
  const square = g.call(`${name}_pow`, 'torch.pow', centred, 2);
  const variance = g.call(`${name}_var`, 'torch.mean', square, [-1], true);
  const root = g.call(`${name}_sqrt`, 'torch.sqrt', g.call(`${name}_eps`, 'torch.add', variance, 1e-5));
  const normal = g.call(`${name}_div`, 'torch.div', centred, root);
  const scaled = g.call(`${name}_mul`, 'torch.mul', normal, g.param(`${name}_w`, WIDTH));
  return g.call(name, 'torch.add', scaled, g.param(`${name}_b`, WIDTH));
};

/** `x / √(mean(x²) + ε) · w`, with the root as PyTorch writes it or as ONNX does. */
const rmsNorm =
  (form: 'rsqrt' | 'reciprocal' | 'division'): Norm =>
  (g, name, x) => {
    const square = g.method(`${name}_pow`, 'pow', x, 2);
    const mean = g.method(`${name}_mean`, 'mean', square, -1, true);
    const sum = g.call(`${name}_eps`, 'operator.add', mean, 1e-6);
    const root = form === 'rsqrt' ? '' : g.call(`${name}_sqrt`, 'torch.sqrt', sum);
    const normal =
      form === 'division'
        ? g.call(`${name}_div`, 'operator.truediv', x, root)
        : form === 'rsqrt'
          ? g.call(`${name}_n`, 'operator.mul', x, g.call(`${name}_r`, 'torch.rsqrt', sum))
          : g.call(`${name}_n`, 'operator.mul', x, g.call(`${name}_r`, 'torch.reciprocal', root));
    return g.call(name, 'operator.mul', g.param(`${name}_w`, WIDTH), normal);
  };

/** Over the channels of `[n, T, C]`, moved to axis 1 and back. */
const batchNorm: Norm = (g, name, x) => {
  const moved = g.method(`${name}_t`, 'transpose', x, 1, 2);
  const parts = ['weight', 'bias', 'running_mean'].map((part) => [part, tensorOf(WIDTH)]);
  const variance = { ...tensorOf(WIDTH), data: tensorOf(WIDTH).data.map((v) => v * v + 0.1) };
  const tensors = { ...Object.fromEntries(parts), running_var: variance };
  const attrs = { num_features: WIDTH };
  return g.method(
    `${name}_u`,
    'transpose',
    g.module(name, moved, { type: 'torch.nn.BatchNorm1d', attrs, tensors }),
    1,
    2,
  );
};

/** The tensors of each norm that take the scale. */
export const NORMS: Record<string, readonly [Norm, takers: (name: string) => string]> = {
  LayerNorm: [layerNorm, (n) => `${n}.weight, ${n}.bias`],
  'LayerNorm, written out': [writtenLayerNorm, (n) => `${n}_w, ${n}_b`],
  'RMSNorm with rsqrt': [rmsNorm('rsqrt'), (n) => `${n}_w`],
  'RMSNorm with a reciprocal': [rmsNorm('reciprocal'), (n) => `${n}_w`],
  'RMSNorm with a division': [rmsNorm('division'), (n) => `${n}_w`],
  BatchNorm: [batchNorm, (n) => `${n}.weight, ${n}.bias`],
};

export type Gelu = (g: Net, x: string) => string;
export const gelu: Gelu = (g, x) => g.call('gelu', `${g.F}.gelu`, x);
/** `x · (erf(x / √2) + 1) · ½`. */
export const writtenGelu: Gelu = (g, x) => {
  const erf = g.call('erf', 'torch.erf', g.call('by', 'torch.div', x, Math.SQRT2));
  return g.call(
    'gelu',
    'torch.mul',
    g.call('both', 'torch.mul', x, g.call('plus', 'torch.add', erf, 1)),
    0.5,
  );
};

export const attention = (g: Net, x: string): string =>
  attend(g, g.fc('q', x, WIDTH, WIDTH), g.fc('k', x, WIDTH, WIDTH), g.fc('v', x, WIDTH, WIDTH));

/** Of queries, keys and values `[n, T, C]`. */
export function attend(g: Net, q: string, k: string, v: string): string {
  const heads = (x: string) =>
    g.method(`${x}_t`, 'transpose', g.method(`${x}_h`, 'view', x, -1, TOKENS, HEADS, HEAD), 1, 2);
  return mix(g, heads(q), heads(k), heads(v));
}

/** Of queries, keys and values by heads, `[n, H, T, D]`. */
export function mix(g: Net, q: string, k: string, v: string): string {
  const scores = g.call('scores', 'torch.matmul', q, g.method('kt', 'transpose', k, -2, -1));
  const weights = g.call('softmax', 'torch.softmax', g.call('scaled', 'torch.div', scores, 2), -1);
  const mixed = g.method('back', 'transpose', g.call('mixed', 'torch.matmul', weights, v), 1, 2);
  return g.fc('out', g.method('joined', 'reshape', mixed, -1, TOKENS, WIDTH), WIDTH, WIDTH);
}

export function block(g: Net, x: string, norm: Norm, activation: Gelu): string {
  const first = g.call('res1', 'operator.add', x, attention(g, norm(g, 'n1', x)));
  const hidden = activation(g, g.fc('fc1', norm(g, 'n2', first), WIDTH, 2 * WIDTH));
  return g.call('res2', 'operator.add', first, g.fc('fc2', hidden, 2 * WIDTH, WIDTH));
}
