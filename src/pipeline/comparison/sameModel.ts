import type { Model } from '../../graph/model';
import type { Tensor } from '../../graph/tensor';

/**
 * Whether two models are the same, node for node and number for number: then so are all their values. Axes of length 1
 * in front of a constant do not count: PyTorch's scales are `[1, C]` where Exact's are `[C]`.
 */
export function sameModel(a: Model, b: Model): boolean {
  if (JSON.stringify([a.graph, a.modules]) !== JSON.stringify([b.graph, b.modules])) return false;
  const others = new Map(Object.entries(b.params));
  const params = Object.entries(a.params);
  return (
    params.length === others.size && params.every(([name, tensor]) => sameTensor(tensor, others.get(name)))
  );
}

const shapeText = ({ shape }: Tensor): string => shape.join().replace(/^(1,)+/, '');

function sameTensor(a: Tensor, b: Tensor | undefined): boolean {
  if (!b || a.dtype !== b.dtype || shapeText(a) !== shapeText(b)) return false;
  if (a === b) return true;
  const [left, right] = [a.data, b.data];
  if (left === right) return true;
  for (let i = 0; i < left.length; i++) if (!Object.is(left[i], right[i])) return false;
  return left.length === right.length;
}
