import { ascii, field, fieldPrefix, type HostileInput, joined, openModel, repeated } from './hostileInput';

/** Field numbers of onnx.proto. */
const GRAPH = { node: 1, name: 2, initializer: 5, output: 12, input: 11 };

/** A ModelProto around a graph. */
const onnx = (...graph: readonly Uint8Array[]): Uint8Array =>
  joined(
    Uint8Array.of(8, 8),
    field(2, ascii('made')),
    field(8, Uint8Array.of(0x10, 17)),
    field(7, joined(...graph)),
  );
const OUTPUT = field(GRAPH.output, field(1, ascii('y')));
const file = (bytes: Uint8Array) => [{ name: 'bomb.onnx', bytes }];
const MILLION = 1_000_000;

/** Messages in messages: a graph in an attribute of a node of a graph. The lengths are written from the inside out. */
function nested(levels: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let i = 0; i < levels; i++)
    for (const number of [6, 5, 1]) {
      const prefix = fieldPrefix(number, length);
      parts.push(prefix);
      length += prefix.length;
    }
  return onnx(new Uint8Array(Buffer.concat(parts.toReversed())), OUTPUT);
}

const tiny = (number: number, value: Uint8Array = new Uint8Array()) =>
  repeated(field(number, value), MILLION);

export const HOSTILE_PROTOBUFS: readonly HostileInput[] = [
  {
    what: 'protobuf messages nested 100,000 deep',
    files: () => file(nested(100_000)),
    open: openModel,
    refusal: 'does not support',
  },
  {
    what: 'a protobuf field that claims 2 GiB',
    files: () => file(joined(onnx(OUTPUT), Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 7))),
    open: openModel,
    refusal: 'damaged',
  },
  {
    what: 'a protobuf field that claims 2⁶³ bytes',
    files: () => file(joined(onnx(OUTPUT), Uint8Array.of(0x3a, ...new Uint8Array(9).fill(0xff), 1))),
    open: openModel,
    refusal: 'damaged',
  },
  {
    what: 'a million empty nodes in 2 MB',
    files: () => file(onnx(tiny(GRAPH.node), OUTPUT)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'a million empty tensors in 2 MB',
    files: () => file(onnx(tiny(GRAPH.initializer), OUTPUT)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'a million empty inputs in 2 MB',
    files: () => file(onnx(tiny(GRAPH.input), OUTPUT)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'a million attributes of one node',
    files: () => file(onnx(field(GRAPH.node, tiny(5)), OUTPUT)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'a million fields that the schema does not know',
    files: () => file(joined(onnx(OUTPUT), repeated(Uint8Array.of(0xf8, 7, 0), MILLION))),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'a tensor of four million sizes',
    files: () =>
      file(onnx(field(GRAPH.initializer, field(1, repeated(Uint8Array.of(1), 4 * MILLION))), OUTPUT)),
    open: openModel,
    refusal: 'made to do harm',
  },
];
