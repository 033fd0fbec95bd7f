import type { FoundLayer } from './plan';

/*
 * The order of layers whose file does not keep it, as safetensors does not: by the numbers in their names, and by widths
 * that chain.
 */

/** Chains that are tried before the order of the names is taken as it is. */
const MAX_TRIES = 20_000;

const isNorm = ({ kind }: FoundLayer): boolean =>
  kind === 'batch_norm' || kind === 'layer_norm' || kind === 'prelu';

const numbersOf = (name: string): readonly number[] =>
  [...name.matchAll(/\d+/g)].map(([text]) => Number(text));
const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** Layers without a number stand last: a classifier is mostly called without one. */
function compareNames(a: FoundLayer, b: FoundLayer): number {
  const [x, y] = [numbersOf(a.module), numbersOf(b.module)];
  if ((x.length === 0) !== (y.length === 0)) return x.length === 0 ? 1 : -1;
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? -1) - (y[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return Number(isNorm(a)) - Number(isNorm(b)) || (a.module < b.module ? -1 : 1);
}

/** Whether a layer can read what comes out of the one before; a Linear behind a convolution reads it flattened. */
export function follows(before: FoundLayer, width: number, layer: FoundLayer): boolean {
  switch (layer.kind) {
    case 'linear':
      return layer.reads === width || (before.kind !== 'linear' && layer.reads % width === 0);
    case 'conv':
      return width % layer.reads === 0 && layer.gives % (width / layer.reads) === 0;
    case 'prelu':
      return layer.reads === 1 || layer.reads === width;
    case 'batch_norm':
    case 'layer_norm':
      return layer.reads === width;
    case 'embedding':
      return false;
    default:
      return layer satisfies never;
  }
}

const KIND_FIRST = { embedding: 0, conv: 1, linear: 2, batch_norm: 3, layer_norm: 3, prelu: 4 };

/** The layers that may come first, the likeliest in front: those whose width no other layer gives. */
function starts(layers: readonly FoundLayer[]): readonly FoundLayer[] {
  const isFed = (layer: FoundLayer) =>
    layers.some((other) => other !== layer && !isNorm(other) && follows(other, other.gives, layer));
  return layers
    .filter((layer) => !isNorm(layer) || layers.every(isNorm))
    .toSorted((a, b) => KIND_FIRST[a.kind] - KIND_FIRST[b.kind] || Number(isFed(a)) - Number(isFed(b)));
}

/** How near a layer's name is to the one before: in the same container, with the same numbers, then by number. */
function nearness(before: FoundLayer, layer: FoundLayer): number {
  const sameParent = parentOf(before.module) === parentOf(layer.module) ? 0 : 2;
  return sameParent + (numbersOf(before.module).join() === numbersOf(layer.module).join() ? 0 : 1);
}

/** An order in which every layer reads what the one before gives; null when none was found within the tries. */
function chain(layers: readonly FoundLayer[]): readonly FoundLayer[] | null {
  let tries = 0;
  const extend = (path: readonly FoundLayer[], rest: readonly FoundLayer[]): readonly FoundLayer[] | null => {
    const last = path.at(-1);
    if (rest.length === 0 || !last) return path;
    if (++tries > MAX_TRIES) return null;
    const next = rest
      .filter((layer) => follows(last, last.gives, layer))
      .toSorted((a, b) => nearness(last, a) - nearness(last, b));
    for (const layer of next) {
      const found = extend(
        [...path, layer],
        rest.filter((other) => other !== layer),
      );
      if (found) return found;
    }
    return null;
  };
  for (const start of starts(layers)) {
    const found = extend(
      [start],
      layers.filter((other) => other !== start),
    );
    if (found) return found;
  }
  return null;
}

/** True when every layer reads what the one before it gives. */
const chains = (layers: readonly FoundLayer[]): boolean =>
  layers.every((layer, at) => {
    const before = layers[at - 1];
    return !before || follows(before, before.gives, layer);
  });

/** The layers in the order in which they may run. The file's own order stays where it is the module's and it chains. */
export function orderLayers(layers: readonly FoundLayer[], inModuleOrder: boolean): readonly FoundLayer[] {
  if (inModuleOrder && chains(layers)) return layers;
  const byName = inModuleOrder ? layers : layers.toSorted(compareNames);
  // Deeper nets than this are no single chain, and the search is of no use.
  return (layers.length <= 200 ? chain(byName) : null) ?? byName;
}
