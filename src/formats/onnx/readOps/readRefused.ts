import type { GraphProto } from '../gen/onnx_pb';
import { nodeTitle, qualifiedOp } from '../reader/onnxNode';

/* What a model may hold that no further op would make readable: each has one sentence that says why. */

const CONTROL_FLOW =
  'it decides while the model runs which nodes come next, and the studio works on graphs whose nodes all run';
const SEQUENCE = 'it handles sequences, and the studio reads tensors only';
const OPTIONAL = 'it handles optional values, and the studio reads tensors only';
const STRINGS = 'it handles strings, and the studio reads numbers only';
const QUANTIZED = 'the model is quantized already; open the float model that it was made from';

const WHY: Readonly<Record<string, string>> = {
  If: CONTROL_FLOW,
  Loop: CONTROL_FLOW,
  Scan: CONTROL_FLOW,
  SequenceAt: SEQUENCE,
  SequenceConstruct: SEQUENCE,
  SequenceEmpty: SEQUENCE,
  SequenceErase: SEQUENCE,
  SequenceInsert: SEQUENCE,
  SequenceLength: SEQUENCE,
  SequenceMap: SEQUENCE,
  ConcatFromSequence: SEQUENCE,
  SplitToSequence: SEQUENCE,
  Optional: OPTIONAL,
  OptionalGetElement: OPTIONAL,
  OptionalHasElement: OPTIONAL,
  StringNormalizer: STRINGS,
  StringConcat: STRINGS,
  StringSplit: STRINGS,
  RegexFullMatch: STRINGS,
  TfIdfVectorizer: STRINGS,
  QuantizeLinear: QUANTIZED,
  DequantizeLinear: QUANTIZED,
  DynamicQuantizeLinear: QUANTIZED,
  QLinearConv: QUANTIZED,
  QLinearMatMul: QUANTIZED,
  ConvInteger: QUANTIZED,
  MatMulInteger: QUANTIZED,
};

/** ONNX Runtime's quantized ops: `com.microsoft.QLinearAdd`, `QGemm`, `DynamicQuantizeLSTM`. */
const isRuntimeQuantized = (op: string): boolean =>
  /^com\.microsoft\.(QLinear|QGemm|DynamicQuantize|MatMulInteger)/.test(op);

/** One sentence about the first node of such a kind: which, why, and how many are like it; null where there is none. */
export function refusalOf(graph: GraphProto): string | null {
  const found = graph.node.flatMap((node) => {
    const op = qualifiedOp(node);
    const reason = isRuntimeQuantized(op) ? QUANTIZED : Object.hasOwn(WHY, op) ? WHY[op] : undefined;
    return reason ? [{ node, op, reason }] : [];
  });
  const [first] = found;
  if (!first) return null;
  const alike = found.filter(({ reason }) => reason === first.reason).length - 1;
  const others = alike > 0 ? ` (and ${alike} more like it)` : '';
  return `Node '${nodeTitle(first.node)}' is ${first.op}${others}: ${first.reason}.`;
}
