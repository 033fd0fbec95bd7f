import * as tf from '@tensorflow/tfjs-core';
import { einsumTerms } from '../../graph/einsum';
import { type ExecRule, floatAt } from './execRule';

/** A tensor whose axes have letters. */
interface Lettered {
  readonly tensor: tf.Tensor;
  readonly letters: readonly string[];
}

/** Two operands at a time, each pair as one matrix product; what no later one and not the output needs is summed at once. */
export const einsum: ExecRule<'einsum'> = (inputs, { attrs }) => {
  const tensors = inputs.map((_, i) => floatAt(inputs, i));
  const { inputs: terms, output } = einsumTerms(
    attrs.equation,
    tensors.map((t) => t.rank),
  );
  const sizes = letterSizes(tensors, terms);
  const [first, ...others] = tensors.map((tensor, i) => diagonal({ tensor, letters: terms[i] ?? [] }));
  if (!first) throw new Error('it needs at least one tensor');
  const product = others.reduce((made, operand, i) => {
    const needed = new Set([...output, ...terms.slice(i + 2).flat()]);
    return pair(made, operand, needed, sizes);
  }, first);
  const summed = summedTo(product, new Set(output));
  return spread(ordered(summed, output), output, sizes);
};

function letterSizes(
  tensors: readonly tf.Tensor[],
  terms: readonly (readonly string[])[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  tensors.forEach((tensor, i) => {
    tensor.shape.forEach((size, axis) => {
      const letter = terms[i]?.[axis] ?? '';
      const known = sizes.get(letter) ?? 1;
      if (known !== 1 && size !== 1 && known !== size)
        throw new Error(`'${letter}' is ${known} long in one of its operands and ${size} in another`);
      sizes.set(letter, Math.max(known === 1 ? size : known, 0));
    });
  });
  return sizes;
}

/** A letter twice in one term takes the diagonal. */
function diagonal({ tensor, letters }: Lettered): Lettered {
  const at = letters.findIndex((letter, i) => letters.indexOf(letter) !== i);
  if (at < 0) return { tensor, letters };
  const from = letters.indexOf(letters[at] ?? '');
  const rest = [...letters.keys()].filter((axis) => axis !== from && axis !== at);
  const size = tensor.shape[at] ?? 0;
  const others = rest.map((axis) => tensor.shape[axis] ?? 1);
  const square = tf.reshape(tf.transpose(tensor, [from, at, ...rest]), [
    size * size,
    tensor.size / (size * size),
  ]);
  const places = tf.tensor1d(
    Int32Array.from({ length: size }, (_, i) => i * (size + 1)),
    'int32',
  );
  const picked = tf.reshape(tf.gather(square, places, 0), [size, ...others]);
  return diagonal({
    tensor: picked,
    letters: [letters[from] ?? '', ...rest.map((axis) => letters[axis] ?? '')],
  });
}

function summedTo({ tensor, letters }: Lettered, needed: ReadonlySet<string>): Lettered {
  const axes = [...letters.keys()].filter((axis) => !needed.has(letters[axis] ?? ''));
  if (axes.length === 0) return { tensor, letters };
  return { tensor: tf.sum(tensor, axes), letters: letters.filter((letter) => needed.has(letter)) };
}

/** One product of matrices, over the letters that both have and nothing needs later. */
function pair(
  a: Lettered,
  b: Lettered,
  needed: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): Lettered {
  const left = summedTo(a, new Set([...needed, ...b.letters]));
  const right = summedTo(b, new Set([...needed, ...a.letters]));
  const both = left.letters.filter((letter) => right.letters.includes(letter));
  const batch = both.filter((letter) => needed.has(letter));
  const inner = both.filter((letter) => !needed.has(letter));
  const rows = left.letters.filter((letter) => !both.includes(letter));
  const columns = right.letters.filter((letter) => !both.includes(letter));
  const sizeOf = (letters: readonly string[]) =>
    letters.reduce((all, letter) => all * (sizes.get(letter) ?? 1), 1);
  const matrices = (x: Lettered, order: readonly string[], shape: [number, number, number]) =>
    tf.reshape<tf.Rank.R3>(spread(ordered(x, order), order, sizes), shape);
  const product = tf.matMul(
    matrices(left, [...batch, ...rows, ...inner], [sizeOf(batch), sizeOf(rows), sizeOf(inner)]),
    matrices(right, [...batch, ...inner, ...columns], [sizeOf(batch), sizeOf(inner), sizeOf(columns)]),
  );
  const letters = [...batch, ...rows, ...columns];
  return {
    tensor: tf.reshape(
      product,
      letters.map((letter) => sizes.get(letter) ?? 1),
    ),
    letters,
  };
}

/** Axes in the order of the letters; the tensor has all of them. */
const ordered = ({ tensor, letters }: Lettered, order: readonly string[]): tf.Tensor =>
  tf.transpose(
    tensor,
    order.map((letter) => letters.indexOf(letter)),
  );

/** Axes of one entry that another operand has more of. */
const spread = (x: tf.Tensor, order: readonly string[], sizes: ReadonlyMap<string, number>): tf.Tensor => {
  const shape = order.map((letter) => sizes.get(letter) ?? 1);
  return String(shape) === String(x.shape) ? x : tf.broadcastTo(x, shape);
};
