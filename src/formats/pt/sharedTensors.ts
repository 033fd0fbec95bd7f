import type { Model } from '../../graph/model';
import type { Tensor } from '../../graph/tensor';

/**
 * For each tensor of a model the one whose storage it has: its own, or that of the first of those tied to it. Tensors
 * that were one and are no longer equal keep storages of their own.
 */
export function sharedTensors(model: Model): ReadonlyMap<string, string> {
  const storages = new Map(Object.keys(model.params).map((name): [string, string] => [name, name]));
  for (const group of model.tied ?? []) {
    const [first, ...others] = group;
    const tensor = first === undefined ? undefined : model.params[first];
    if (first === undefined || !tensor) continue;
    for (const name of others) {
      const other = model.params[name];
      if (other && isSame(tensor, other)) storages.set(name, first);
    }
  }
  return storages;
}

function isSame(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  const [left, right] = [a.data, b.data];
  return left.length === right.length && left.every((value, i) => Object.is(value, right[i]));
}
