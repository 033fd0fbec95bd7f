import { GraphError } from '../../../graph/errors';
import type { NodeName } from '../../../graph/ids';
import type { OpCall } from '../../../graph/op';
import { opOf } from '../../../graph/resolve';
import type { Dim, Shape } from '../../../graph/shape';
import type { Extent, SizeFunction, SizeRule, SizeTerm, SizeValue } from '../../../graph/sizes';
import { ELEMENT } from '../file/elementTypes';
import type { GraphWriter, OpWriter } from './graphWriter';

/*
 * Sizes are written where something reads them: as constants where they are the same for every input, otherwise as
 * ONNX's Shape and arithmetic on INT64 vectors (a single number is a vector of one).
 */

const isNumbers = (dims: readonly Dim[]): dims is readonly number[] =>
  dims.every((dim) => typeof dim === 'number');

/**
 * A shape with at most one open dimension is a constant with -1 there, right for every batch. With more of them it is
 * put together from the sizes when the model runs.
 */
export const reshape: OpWriter<'reshape'> = (writer, call, output, node) => {
  const [x] = call.operands;
  const value = x ? writer.operand(x) : '';
  const { shape } = call.attrs;
  if (isNumbersOnly(shape)) return reshapeTo(writer, value, shape, output, shape.includes(0));
  const inferred = writer.shape(node.name);
  const open = inferred?.filter((dim) => typeof dim === 'string') ?? [];
  if (inferred && open.length <= 1)
    return reshapeTo(
      writer,
      value,
      inferred.map((dim) => (typeof dim === 'number' ? dim : -1)),
      output,
    );
  const parts = shape.map((extent) => extentVector(writer, extent, output));
  writer.node('Reshape', [value, joined(writer, parts, `${output}_shape`)], output);
};

const isNumbersOnly = (shape: readonly Extent[]): shape is readonly number[] =>
  shape.every((extent) => typeof extent === 'number');

/** Without `zero` ONNX copies the input's dimension where the shape says 0. */
export const reshapeTo = (
  writer: GraphWriter,
  x: string,
  shape: readonly number[],
  output: string,
  zero = false,
): void =>
  writer.node(
    'Reshape',
    [x, writer.integers(`${output}_shape`, shape)],
    output,
    zero ? { allowzero: { i: 1 } } : {},
  );

/** Nothing is written before something reads the size. */
export const size: OpWriter<'size'> = (writer, _call, _output, { name }) =>
  writer.defineScalar(name, () => writer.once(`scalar:${name}`, () => sizeScalar(writer, name)));

/** A size as an operand of arithmetic on tensors. */
function sizeScalar(writer: GraphWriter, name: NodeName): string {
  const value = writer.size(name);
  if (typeof value === 'number') return writer.operand({ kind: 'number', value });
  const scalar = writer.freshName(`${name}_scalar`);
  const axes = writer.integers(`${name}_axes`, [0]);
  writer.node('Squeeze', [sizeVector(writer, name), axes], scalar);
  const float = writer.freshName(`${name}_float`);
  writer.node('Cast', [scalar], float, { to: { i: ELEMENT.FLOAT } });
  return float;
}

/** The INT64 vector of a size or a list of sizes, written once. */
function sizeVector(writer: GraphWriter, name: NodeName): string {
  return writer.once(`size:${name}`, () => {
    const known = constantSize(writer.size(name));
    if (known) return writer.integers(`${name}_size`, known);
    const call = opOf(writer.model, writer.index, writer.index.get(name));
    // A tensor that is read for its shape.
    if (call.op !== 'size')
      return shapeVector(writer, writer.operand({ kind: 'node', node: name }), writer.shape(name), name);
    return computed(writer, call, name);
  });
}

function constantSize(value: SizeValue | null): readonly number[] | null {
  if (value === null) return null;
  const dims = typeof value === 'object' ? value : [value];
  return isNumbers(dims) ? dims : null;
}

function computed(
  writer: GraphWriter,
  { attrs: { rule }, operands }: OpCall<'size'>,
  name: NodeName,
): string {
  switch (rule.kind) {
    case 'shape': {
      const shape = writer.once(`shape:${JSON.stringify(operands[0])}`, () => {
        const made = writer.freshName(`${name}_shape`);
        writer.node(
          'Shape',
          operands.slice(0, 1).map((x) => writer.operand(x)),
          made,
        );
        return made;
      });
      return rule.dim === null ? shape : gathered(writer, shape, rule.dim, name);
    }
    case 'pick':
      return gathered(writer, sizeVector(writer, rule.list.node), rule.position, name);
    case 'slice':
      return sliced(writer, rule, name);
    case 'compute':
      return arithmetic(writer, rule, name);
    default:
      return rule satisfies never;
  }
}

function gathered(writer: GraphWriter, list: string, position: number, name: NodeName): string {
  const output = writer.freshName(`${name}_size`);
  writer.node('Gather', [list, writer.integers(`${name}_index`, [position])], output, { axis: { i: 0 } });
  return output;
}

function sliced(writer: GraphWriter, rule: Extract<SizeRule, { kind: 'slice' }>, name: NodeName): string {
  const output = writer.freshName(`${name}_size`);
  const bounds = [rule.start ?? 0, rule.stop ?? Number.MAX_SAFE_INTEGER, 0, rule.step];
  const inputs = bounds.map((bound, i) =>
    writer.integers(`${name}_${['start', 'stop', 'axis', 'step'][i] ?? ''}`, [bound]),
  );
  writer.node('Slice', [sizeVector(writer, rule.list.node), ...inputs], output);
  return output;
}

/** ONNX's ops on whole numbers; sizes are never negative, so that its division is Python's. */
const INTEGER_OPS: { readonly [F in SizeFunction]: string | null } = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  floordiv: 'Div',
  mod: 'Mod',
  truediv: null,
  pow: null,
  sqrt: null,
  // Of whole numbers, which is all that is written here.
  floor: null,
  ceil: null,
  min: 'Min',
  max: 'Max',
};

function arithmetic(
  writer: GraphWriter,
  rule: Extract<SizeRule, { kind: 'compute' }>,
  name: NodeName,
): string {
  const [a, b] = rule.terms.map((term) => termVector(writer, term, name));
  if ((rule.function === 'floor' || rule.function === 'ceil') && a !== undefined) return a;
  const opType = INTEGER_OPS[rule.function];
  const isFraction = rule.terms.some((term) => typeof term === 'number' && !Number.isInteger(term));
  if (opType === null || isFraction || a === undefined || b === undefined)
    throw new GraphError(
      `Node '${name}' computes a size that depends on the input with ${rule.function}; ONNX export writes it only where the dimension is fixed. Use whole numbers and //.`,
      name,
    );
  const isList = typeof writer.size(name) === 'object' || rule.terms.some((term) => Array.isArray(term));
  if (isList) return joined(writer, [a, b], `${name}_size`);
  const output = writer.freshName(`${name}_size`);
  writer.node(opType, [a, b], output);
  return output;
}

const termVector = (writer: GraphWriter, term: SizeTerm, name: string): string =>
  typeof term === 'number' || 'node' in term
    ? extentVector(writer, term, name)
    : joined(
        writer,
        term.map((extent) => extentVector(writer, extent, name)),
        `${name}_list`,
      );

/** The INT64 vector of a number or a size. */
export const extentVector = (writer: GraphWriter, extent: Extent, name: string): string =>
  typeof extent === 'number' ? writer.integers(`${name}_number`, [extent]) : sizeVector(writer, extent.node);

/** The INT64 vector of a list of numbers and sizes. */
export function extentsVector(writer: GraphWriter, extents: readonly Extent[], name: string): string {
  if (isNumbersOnly(extents)) return writer.integers(`${name}_sizes`, extents);
  const parts = extents.map((extent) => extentVector(writer, extent, name));
  return joined(writer, parts, `${name}_sizes`);
}

/** A tensor's shape: a constant where it is known. */
export function shapeVector(writer: GraphWriter, value: string, shape: Shape, name: string): string {
  if (shape && isNumbers(shape)) return writer.integers(`${name}_shape`, shape);
  const made = writer.freshName(`${name}_shape`);
  writer.node('Shape', [value], made);
  return made;
}

/** The first `count` sizes of a tensor, as the vectors that a Concat takes. */
export function vectorOf(
  writer: GraphWriter,
  value: string,
  shape: Shape,
  count: number,
  name: string,
): readonly string[] {
  if (count === 0) return [];
  const first = shape?.slice(0, count) ?? null;
  if (first && isNumbers(first)) return [writer.integers(`${name}_front`, first)];
  const front = writer.freshName(`${name}_front`);
  const bounds = [0, count].map((bound) => writer.integers(`${name}_bound`, [bound]));
  writer.node('Slice', [shapeVector(writer, value, null, name), ...bounds], front);
  return [front];
}

function joined(writer: GraphWriter, parts: readonly string[], name: string): string {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const output = writer.freshName(name);
  writer.node('Concat', parts, output, { axis: { i: 0 } });
  return output;
}
