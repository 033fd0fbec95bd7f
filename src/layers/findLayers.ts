import type { FoundLayer, LeftOutTensor } from './plan';

/** A tensor of a state dict, by name and shape. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly isFloat: boolean;
}

export interface FoundLayers {
  readonly layers: readonly FoundLayer[];
  readonly leftOut: readonly LeftOutTensor[];
}

type Tensors = ReadonlyMap<string, NamedShape>;

const EMBEDDING = /(^|[._])(\w*emb\w*|wte|wpe|tokens?)([._]|$)/i;
/** Tensors that a layer brings along: they are read with it. */
const KNOWN = new Set(['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']);

const sameShape = (a: readonly number[] | undefined, b: readonly number[]): boolean =>
  a === undefined || (a.length === b.length && a.every((size, i) => size === b[i]));

/** What a module's tensors show it to be; a sentence where they show nothing that the studio knows. */
function layerOf(module: string, tensors: Tensors): FoundLayer | string {
  const weight = tensors.get('weight');
  if (!weight) return 'a module without a tensor called weight';
  if (!weight.isFloat) return 'its weight is no floating-point tensor';
  const { shape } = weight;
  const bias = tensors.get('bias')?.shape;
  const common = { module, weight: shape, hasBias: bias !== undefined };
  const [first = 0, second = 0, ...kernel] = shape;
  if (shape.length === 1) return normOf(module, tensors, first);
  if (shape.length < 1 || shape.length > 5)
    return `a weight of ${shape.length} axes is of no layer that the studio knows`;
  if (!sameShape(bias, [first]))
    return `its bias has shape [${bias?.join(', ')}], and [${first}] is expected`;
  if (shape.length > 2) return { ...common, kind: 'conv', reads: second, gives: first, kernel };
  if (bias === undefined && EMBEDDING.test(module))
    return { ...common, kind: 'embedding', reads: first, gives: second };
  return { ...common, kind: 'linear', reads: second, gives: first };
}

/** Layers whose weight has one entry a channel. */
function normOf(module: string, tensors: Tensors, count: number): FoundLayer | string {
  const bias = tensors.get('bias')?.shape;
  const common = { module, weight: [count], hasBias: bias !== undefined, reads: count, gives: count };
  const [mean, variance] = [tensors.get('running_mean'), tensors.get('running_var')];
  if (mean && variance) {
    const fits = [mean.shape, variance.shape, bias].every((shape) => sameShape(shape, [count]));
    return fits && bias
      ? { ...common, kind: 'batch_norm' }
      : 'its statistics and its bias are not one number a channel';
  }
  if (bias !== undefined)
    return sameShape(bias, [count])
      ? { ...common, kind: 'layer_norm' }
      : `its bias has shape [${bias.join(', ')}]`;
  if (count === 1 || /prelu|act/i.test(module)) return { ...common, kind: 'prelu' };
  return 'one number a channel and no bias: a norm that the studio cannot tell from others (RMSNorm, for one)';
}

/** Splits the tensors of a state dict into layers, in the order of their weights, and the rest with the reasons. */
export function findLayers(entries: readonly NamedShape[]): FoundLayers {
  const modules = new Map<string, Map<string, NamedShape>>();
  const leftOut: LeftOutTensor[] = [];
  for (const entry of entries) {
    const dot = entry.name.lastIndexOf('.');
    const [module, name] = [entry.name.slice(0, Math.max(dot, 0)), entry.name.slice(dot + 1)];
    const { name: full, shape } = entry;
    if (module === '') leftOut.push({ name: full, shape, reason: 'it stands outside of every module' });
    else if (!KNOWN.has(name))
      leftOut.push({
        name: full,
        shape,
        reason: `a tensor called ${name} is of no layer that the studio knows`,
      });
    else modules.set(module, (modules.get(module) ?? new Map<string, NamedShape>()).set(name, entry));
  }
  const layers: FoundLayer[] = [];
  for (const [module, tensors] of modules) {
    const found = layerOf(module, tensors);
    if (typeof found !== 'string') layers.push(found);
    else for (const { name, shape } of tensors.values()) leftOut.push({ name, shape, reason: found });
  }
  return { layers, leftOut };
}
