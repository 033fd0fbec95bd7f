import { type Argument, type NodeRef, ref } from '../../../graph/node';
import type { SizeFunction } from '../../../graph/sizes';
import { ELEMENT, isFloatElement } from '../file/elementTypes';
import { sizesOf } from '../folding/foldSizes';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { asNumber, type Size, type SizeList, type SizeSource } from '../reader/sizes';

/* Sizes as arguments of calls: numbers where they are known, otherwise nodes that compute them when the model runs. */

/** A number, or the node that gives it. */
export type ExtentArgument = number | NodeRef;

const TARGETS: { readonly [F in SizeFunction]: string } = {
  add: 'operator.add',
  sub: 'operator.sub',
  mul: 'operator.mul',
  floordiv: 'operator.floordiv',
  mod: 'operator.mod',
  truediv: 'operator.truediv',
  pow: 'operator.pow',
  sqrt: 'math.sqrt',
  floor: 'math.floor',
  ceil: 'math.ceil',
  min: 'min',
  max: 'max',
};

/** A vector's or scalar's entries as sizes; fails for a value that is neither a small constant nor computed from sizes. */
export function sizeList(reader: GraphReader, node: OnnxNode, value: string, what: string): SizeList {
  return (
    sizesOf(reader, value) ??
    node.fail(
      `takes its ${what} from '${value}', which is computed at run time; the studio reads constants and what is computed from the sizes of tensors.`,
    )
  );
}

/** The entries of a value as arguments of a call. */
export const extentArguments = (
  reader: GraphReader,
  node: OnnxNode,
  value: string,
  what: string,
): readonly ExtentArgument[] =>
  sizeList(reader, node, value, what).sizes.map((size) => extentArgument(reader, node, size, what));

/** A size as an argument of a call. */
export function extentArgument(
  reader: GraphReader,
  node: OnnxNode,
  size: Size,
  what: string,
): ExtentArgument {
  const known = asNumber(size);
  if (known !== null) return known;
  if (!size.source)
    return node.fail(
      `needs a number for its ${what} that the model does not tell. Export the model with fixed sizes.`,
    );
  return sourceArgument(reader, node, size.source);
}

/** `x.shape[0]`, `x.shape[0] // 2`: each computed once. */
function sourceArgument(reader: GraphReader, node: OnnxNode, source: SizeSource): ExtentArgument {
  if (source.kind === 'number') return source.value;
  const key = JSON.stringify(source);
  const known = reader.sizeNodes.get(key);
  if (known !== undefined) return ref(known);
  const made =
    source.kind === 'dim'
      ? reader.step(node, 'operator.getitem', [ref(shapeNode(reader, node, source.value)), source.axis])
      : reader.step(
          node,
          TARGETS[source.function],
          source.terms.map((term) => sourceArgument(reader, node, term)),
        );
  reader.sizeNodes.set(key, made);
  return ref(made);
}

function shapeNode(reader: GraphReader, node: OnnxNode, value: string) {
  const key = `shape of ${value}`;
  const known = reader.sizeNodes.get(key);
  if (known !== undefined) return known;
  const made = reader.step(node, 'getattr', [ref(reader.operand(value, node.title)), 'shape']);
  reader.sizeNodes.set(key, made);
  return made;
}

/** Sizes where an op reads a tensor: one that holds them, of the type that the file gives them. */
export function sizesAsTensor(reader: GraphReader, node: OnnxNode, value: string, list: SizeList): void {
  const dtype = isFloatElement(list.elementType)
    ? 'torch.float32'
    : list.elementType === ELEMENT.BOOL
      ? 'torch.bool'
      : 'torch.int64';
  const made = (shape: readonly Argument[], size: Size, last: boolean) => {
    const args = [shape, extentArgument(reader, node, size, `value of '${value}'`)];
    return last
      ? reader.result(node, 'torch.full', args, list.elementType, {
          output: value,
          kwargs: { dtype: { dtype } },
        })
      : reader.step(node, 'torch.full', args, { dtype: { dtype } });
  };
  const [first] = list.sizes;
  if (first && list.sizes.length === 1) {
    made(list.isScalar ? [] : [1], first, true);
    return;
  }
  const parts = list.sizes.map((size) => ref(made([1], size, false)));
  if (parts.length === 0) node.fail(`reads '${value}', an empty list of sizes.`);
  reader.result(node, 'torch.cat', [parts, 0], list.elementType, { output: value });
}
