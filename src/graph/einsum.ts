import { GraphError } from './errors';

/** The letters of each operand's axes and of the output's. */
export interface EinsumTerms {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Reads an equation such as `bij,bjk->bik` for operands of the given ranks (NumPy's einsum, which torch and ONNX have).
 * An ellipsis stands for the axes that the letters leave: they get names of their own, counted from the last one. Without
 * an arrow the output has the letters that occur once, in the order of the alphabet. Throws a GraphError where they do not fit.
 */
export function einsumTerms(equation: string, ranks: readonly number[]): EinsumTerms {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',');
  if (terms.length !== ranks.length)
    throw new GraphError(`Equation '${equation}' is for ${terms.length} tensors, not ${ranks.length}.`);
  const inputs = terms.map((term, i) => lettersOf(term, ranks[i] ?? 0, equation));
  const rest = inputs
    .map((letters) => letters.filter((letter) => letter.length > 1))
    .reduce((longest, letters) => (letters.length > longest.length ? letters : longest), []);
  const output = right === undefined ? implied(inputs.flat(), rest) : outputOf(right, rest);
  const unknown = output.find((letter) => !inputs.some((letters) => letters.includes(letter)));
  if (unknown !== undefined || new Set(output).size !== output.length)
    throw new GraphError(`Equation '${equation}' has an output that its inputs do not give.`);
  return { inputs, output };
}

function lettersOf(term: string, rank: number, equation: string): readonly string[] {
  const [front = '', behind] = term.split('...');
  const named = front.length + (behind?.length ?? 0);
  if (behind === undefined ? named !== rank : named > rank)
    throw new GraphError(`Equation '${equation}' names ${named} axes of a tensor that has ${rank}.`);
  if (behind === undefined) return [...front];
  const count = rank - named;
  return [...front, ...Array.from({ length: count }, (_, i) => `.${count - i}`), ...behind];
}

function outputOf(term: string, rest: readonly string[]): readonly string[] {
  const [front = '', behind] = term.split('...');
  return behind === undefined ? [...front] : [...front, ...rest, ...behind];
}

function implied(letters: readonly string[], rest: readonly string[]): readonly string[] {
  const once = letters.filter(
    (letter) => letter.length === 1 && letters.filter((l) => l === letter).length === 1,
  );
  return [...rest, ...once.sort()];
}
